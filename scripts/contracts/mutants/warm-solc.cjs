// One solc for many compilations: loading it takes longer than compiling one contract, and a warm one compiles faster.
// `node warm-solc.cjs <socket>` answers standard JSON with standard JSON and says its version once it listens.
const { createServer } = require('node:net');
const soljson = require('solc/soljson.js');
const solc = require('solc');

const server = createServer({ allowHalfOpen: true }, (socket) => {
  let input = '';
  socket.setEncoding('utf8');
  socket.on('data', (chunk) => {
    input += chunk;
  });
  socket.on('end', () => {
    socket.end(solc.compile(input));
  });
});
process.stdin.resume().on('end', () => process.exit()); // whoever started us is gone
server.listen(process.argv[2], () => {
  process.stdout.write(`${soljson.cwrap('solidity_version', 'string', [])()}\n`);
});
