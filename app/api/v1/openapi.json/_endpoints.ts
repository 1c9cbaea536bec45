import type { Endpoint } from '#app/_server/openapi-document.ts';
import { GET as adapterCertificate } from '../adapters/[id]/certificate/route.ts';
import { GET as adapterIndex } from '../adapters/[id]/index/route.ts';
import { GET as adapters } from '../adapters/route.ts';
import { POST as chatCompletions } from '../chat/completions/route.ts';
import { POST as completions } from '../completions/route.ts';
import { POST as claimCompute } from '../compute/claim/route.ts';
import { GET as computeAdapter } from '../compute/jobs/[id]/adapter/route.ts';
import { POST as computeFailure } from '../compute/jobs/[id]/failure/route.ts';
import { POST as computeResult } from '../compute/jobs/[id]/result/route.ts';
import { POST as computeRows } from '../compute/jobs/[id]/rows/route.ts';
import { POST as imports } from '../datanets/[slug]/imports/route.ts';
import { GET as datanet } from '../datanets/[slug]/route.ts';
import { POST as improve, GET as improvements } from '../datanets/[slug]/rows/[id]/improvements/route.ts';
import { GET as rows } from '../datanets/[slug]/rows/route.ts';
import { POST as startUpload } from '../datanets/[slug]/uploads/route.ts';
import { GET as parquetFile } from '../datanets/[slug]/versions/[number]/parquet/[file]/route.ts';
import { GET as versionCsv } from '../datanets/[slug]/versions/[number]/rows.csv/route.ts';
import { GET as versionJsonl } from '../datanets/[slug]/versions/[number]/rows.jsonl/route.ts';
import { GET as datanets } from '../datanets/route.ts';
import { POST as embeddings } from '../embeddings/route.ts';
import { GET as fileContent } from '../files/[id]/content/route.ts';
import { DELETE as deleteFile, GET as file } from '../files/[id]/route.ts';
import { POST as createFile, GET as files } from '../files/route.ts';
import { POST as cancelJob } from '../fine_tuning/jobs/[id]/cancel/route.ts';
import { GET as checkpoints } from '../fine_tuning/jobs/[id]/checkpoints/route.ts';
import { GET as jobEvents } from '../fine_tuning/jobs/[id]/events/route.ts';
import { POST as pauseJob } from '../fine_tuning/jobs/[id]/pause/route.ts';
import { POST as resumeJob } from '../fine_tuning/jobs/[id]/resume/route.ts';
import { GET as job } from '../fine_tuning/jobs/[id]/route.ts';
import { POST as createJob, GET as jobs } from '../fine_tuning/jobs/route.ts';
import { GET as metrics } from '../metrics/route.ts';
import { GET as exportFile } from '../models/[model]/exports/[format]/[file]/route.ts';
import { GET as exports, POST as requestExport } from '../models/[model]/exports/route.ts';
import { POST as buyPass, GET as passes } from '../models/[model]/passes/route.ts';
import { GET as model } from '../models/[model]/route.ts';
import { GET as models } from '../models/route.ts';
import { POST as quote } from '../quote/route.ts';
import { GET as receiptAnswer } from '../receipts/[id]/answer/route.ts';
import { GET as receiptCertificate } from '../receipts/[id]/certificate/route.ts';
import { POST as challenge } from '../receipts/[id]/challenges/route.ts';
import { GET as receiptCodes } from '../receipts/[id]/codes/route.ts';
import { POST as correctAnswer } from '../receipts/[id]/corrections/route.ts';
import { POST as rateAnswer } from '../receipts/[id]/feedback/route.ts';
import { GET as receiptPeriod } from '../receipts/[id]/period/route.ts';
import { GET as receiptPool } from '../receipts/[id]/pool/route.ts';
import { GET as receipt } from '../receipts/[id]/route.ts';
import { GET as receiptThreads } from '../receipts/[id]/threads/route.ts';
import { GET as receiptWithout } from '../receipts/[id]/without/[without]/route.ts';
import { POST as askWithout } from '../receipts/[id]/without/route.ts';
import { GET as router } from '../router/route.ts';
import { GET as erasure } from '../rows/[id]/erasure/route.ts';
import { GET as search } from '../search/route.ts';
import { POST as acceptTask } from '../tasks/[id]/acceptance/route.ts';
import { POST as closeTask } from '../tasks/[id]/receipt/route.ts';
import { GET as task } from '../tasks/[id]/route.ts';
import { POST as openTask, GET as taskTerms } from '../tasks/route.ts';
import { POST as uploadPiece } from '../uploads/[id]/pieces/[offset]/route.ts';
import { GET as upload } from '../uploads/[id]/route.ts';
import { GET as usageCsv } from '../usage/csv/route.ts';
import { GET as usage } from '../usage/route.ts';
import { GET as viewerFilter } from '../viewer/filter/route.ts';
import { GET as viewerFirstRows } from '../viewer/first-rows/route.ts';
import { GET as viewerIsValid } from '../viewer/is-valid/route.ts';
import { GET as viewerParquet } from '../viewer/parquet/route.ts';
import { GET as viewerRows } from '../viewer/rows/route.ts';
import { GET as viewerSearch } from '../viewer/search/route.ts';
import { GET as viewerSize } from '../viewer/size/route.ts';
import { GET as viewerSplits } from '../viewer/splits/route.ts';
import { GET as viewerStatistics } from '../viewer/statistics/route.ts';

const get = (path: string, route: Endpoint['route'], summary: string, answers?: string): Endpoint => ({
  ...{ path, method: 'GET', route, summary },
  ...(answers && { answers }),
});
const post = (path: string, route: Endpoint['route'], summary: string): Endpoint => ({
  path,
  method: 'POST',
  route,
  summary,
});
const remove = (path: string, route: Endpoint['route'], summary: string): Endpoint => ({
  ...{ path, method: 'DELETE', route, summary },
});
const bytes = 'application/octet-stream';
const parquet = 'application/vnd.apache.parquet';

/** Every route of the API, in the order in which it is described; a test holds the list against the files. */
export const endpoints: readonly Endpoint[] = [
  post('/chat/completions', chatCompletions, 'An answer, streamed or whole, as OpenAI’s chat completions'),
  post('/completions', completions, 'A text gone on with, as OpenAI’s older completions'),
  post('/embeddings', embeddings, 'Vectors of texts: the mean of a model’s last hidden states'),
  get('/models', models, 'Live models, as OpenAI lists them, with price and owner'),
  get('/models/{model}', model, 'One model'),
  get('/models/{model}/passes', passes, 'Who may ask a model, what a pass costs, and one’s own'),
  post('/models/{model}/passes', buyPass, 'Buys an access pass from the deposit'),
  post('/files', createFile, 'A file to train on: a form with file and purpose'),
  get('/files', files, 'One’s files'),
  get('/files/{id}', file, 'One file'),
  remove('/files/{id}', deleteFile, 'Destroys a file'),
  get('/files/{id}/content', fileContent, 'A file’s bytes', bytes),
  post('/fine_tuning/jobs', createJob, 'Trains a model on a file, as OpenAI’s fine-tuning jobs'),
  get('/fine_tuning/jobs', jobs, 'One’s jobs'),
  get('/fine_tuning/jobs/{id}', job, 'One job'),
  post('/fine_tuning/jobs/{id}/cancel', cancelJob, 'Ends a job for good'),
  post('/fine_tuning/jobs/{id}/pause', pauseJob, 'Stops a job at its last checkpoint'),
  post('/fine_tuning/jobs/{id}/resume', resumeJob, 'Goes on from the last checkpoint'),
  get('/fine_tuning/jobs/{id}/events', jobEvents, 'What a job’s run said'),
  get('/fine_tuning/jobs/{id}/checkpoints', checkpoints, 'A job’s checkpoints'),
  get('/usage', usage, 'What one’s answers used and cost, and what was spent in all'),
  get('/usage/csv', usageCsv, 'One’s charges for spreadsheets', 'text/csv'),
  post('/quote', quote, 'What an answer would cost at most'),
  get('/router', router, 'Which live models fit a question, and why'),
  get('/receipts/{id}', receipt, 'A receipt of any kind, with all that a stranger needs to recompute it'),
  get('/receipts/{id}/answer', receiptAnswer, 'Words, tokens and salt of an answer, for who asked'),
  get('/receipts/{id}/threads', receiptThreads, 'Where an answer stands word for word in rows, for who asked'),
  get('/receipts/{id}/pool', receiptPool, 'The people who share what the answer leaves to all rows alike'),
  post('/receipts/{id}/without', askWithout, 'Has an answer computed again without some sources, for who asked it'),
  get('/receipts/{id}/without/{without}', receiptWithout, 'What the answer is without them'),
  post('/receipts/{id}/feedback', rateAnswer, 'What who asked thinks of an answer'),
  post('/receipts/{id}/corrections', correctAnswer, 'Offers a better answer as a row of the Datanet'),
  get('/receipts/{id}/codes', receiptCodes, 'The answer’s quantised gradient', bytes),
  get('/receipts/{id}/certificate', receiptCertificate, 'The certificate that the receipt was paid by'),
  get('/receipts/{id}/period', receiptPeriod, 'The data file of the receipt’s reward period'),
  post('/receipts/{id}/challenges', challenge, 'Has a receipt computed again'),
  get('/tasks', taskTerms, 'What a task’s opening must name: the gateway'),
  post('/tasks', openTask, 'Opens a task of an app or agent, by its signature'),
  get('/tasks/{id}', task, 'A task with its calls, and its receipt once it is closed'),
  post('/tasks/{id}/acceptance', acceptTask, 'Its asker agrees to a task’s price'),
  post('/tasks/{id}/receipt', closeTask, 'Closes a task with the receipt that its app signed'),
  get('/adapters', adapters, 'Adapters of live models and where each is now'),
  get('/adapters/{id}/index', adapterIndex, 'An adapter’s attribution index', bytes),
  get('/adapters/{id}/certificate', adapterCertificate, 'An adapter’s certificate'),
  get('/datanets', datanets, 'Datanets'),
  get('/datanets/{slug}', datanet, 'One Datanet with its versions'),
  get('/datanets/{slug}/rows', rows, 'Rows of a Datanet, oldest first'),
  get('/datanets/{slug}/rows/{id}/improvements', improvements, 'Better versions and translations of a row'),
  post('/compute/claim', claimCompute, 'The next approved training for the worker of a compute-only Datanet’s owner'),
  post('/compute/jobs/{id}/rows', computeRows, 'Rows of a claimed training as JSON Lines, for its worker'),
  post('/compute/jobs/{id}/result', computeResult, 'The adapter and numbers of a claimed training'),
  post('/compute/jobs/{id}/failure', computeFailure, 'A claimed training that failed'),
  get('/compute/jobs/{id}/adapter', computeAdapter, 'The adapter, for who asked', 'application/octet-stream'),
  get('/rows/{id}/erasure', erasure, 'The signed receipt that a withdrawn row’s text is destroyed'),
  post('/datanets/{slug}/rows/{id}/improvements', improve, 'Proposes a better version of a row'),
  post('/datanets/{slug}/imports', imports, 'Brings rows in under their authors’ names'),
  post('/datanets/{slug}/uploads', startUpload, 'Begins a large file in pieces, or finds it again'),
  post('/uploads/{id}/pieces/{offset}', uploadPiece, 'The next bytes of a file, as they are'),
  get('/uploads/{id}', upload, 'How far an upload has come'),
  get('/datanets/{slug}/versions/{number}/rows.jsonl', versionJsonl, 'Rows as its root has them', 'application/jsonl'),
  get('/datanets/{slug}/versions/{number}/rows.csv', versionCsv, 'A version for spreadsheets', 'text/csv'),
  get('/datanets/{slug}/versions/{number}/parquet/{file}', parquetFile, 'One Parquet file of a version', parquet),
  get('/viewer/is-valid', viewerIsValid, 'What can be asked about a Datanet'),
  get('/viewer/splits', viewerSplits, 'The one split of a version'),
  get('/viewer/first-rows', viewerFirstRows, 'The first hundred rows'),
  get('/viewer/rows', viewerRows, 'Any hundred rows'),
  get('/viewer/search', viewerSearch, 'Rows that have all words'),
  get('/viewer/filter', viewerFilter, 'Rows that a condition holds for'),
  get('/viewer/parquet', viewerParquet, 'A version’s Parquet files with their hashes'),
  get('/viewer/size', viewerSize, 'Rows, columns and bytes of a version'),
  get('/viewer/statistics', viewerStatistics, 'Lengths, times and labels of every column'),
  get('/search', search, 'Finds Datanets, models, receipts and addresses'),
  get('/models/{model}/exports', exports, 'What the owner can take a model away as'),
  post('/models/{model}/exports', requestExport, 'Has the files of an export made'),
  get('/models/{model}/exports/{format}/{file}', exportFile, 'One file of an export', bytes),
  get('/metrics', metrics, 'Metrics for Prometheus, for operators', 'text/plain'),
];
