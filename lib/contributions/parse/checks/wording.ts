import type { CheckReason } from '../../types.ts';
import type { TextFacts } from './text-facts.ts';

const promotion =
  /click (?:here|the link|below)|(?:buy|order|sign up|join|register|subscribe|call|act) (?:now|today)|limited(?:[- ]time)? offer|free (?:airdrop|money|gift|trial|bonus|tokens)|100 ?% (?:free|guaranteed|profit)|guaranteed (?:profit|returns?|income)|double your|risk[- ]free|don[’']t miss|best (?:price|deal|casino)|(?:dm|message|whats ?app|telegram) (?:me|us|now)|t\.me\/|wa\.me\/|bit\.ly\/|promo ?code|discount code|work from home|make \$?\d+|earn \$?\d+|online casino|betting site|cheap (?:viagra|pills|loans)|follow (?:me|us) (?:on|@)|visit (?:our|my) (?:site|website|channel|store)|special offer|satisfaction guaranteed/gi;
const filler =
  /lorem ipsum|as an ai (?:language )?model|i(?:'|’)?m sorry,? but (?:i )?(?:can(?:'|’)?t|cannot)|asdf|qwert(?:y|z)|\b(?:test|foo|bar|blah|bla|xxx+|todo|tbd|n\/a)(?:[ ,.]+(?:test|foo|bar|blah|bla|xxx+|todo|tbd|n\/a))+\b|insert (?:text|answer|question) here|^(?:test|answer|question|none|null|undefined|n\/a|tbd|todo)\.?$/gim;
const harmful =
  /\bkill (?:yourself|urself)\b|\bkys\b|\b(?:i|we)(?:'|’)?(?:ll| will| am going to| are going to) (?:kill|murder|rape|hurt|find) you\b|\byou (?:deserve to die|should die)\b|\b(?:all|those|these) \w+ (?:are (?:vermin|subhuman|animals|parasites)|should be (?:exterminated|gassed|shot|deported))\b|\bgo back to your (?:own )?country\b|\bf+u+c+k+ (?:you|off)\b|\byou (?:stupid |fucking |dumb )+(?:bitch|idiot|moron|cunt|whore)\b|\bheil hitler\b/gi;
const orders =
  /\b(?:ignore|disregard|forget) (?:all |any |the |your )*(?:previous|prior|above|earlier|other) (?:instructions?|prompts?|rules|messages)|\byou are now (?:in )?(?:dan|developer mode|jailbroken)|\bsystem prompt\b.{0,40}\b(?:reveal|print|leak)|\b(?:reveal|print|leak)\b.{0,40}\bsystem prompt\b|<\|(?:im_start|im_end|system|endoftext)\|>/gi;

/** What is said: advertising, filler, threats and hate, and orders to whatever model reads the row. */
export function checkWording({ all }: TextFacts): CheckReason[] {
  const count = (pattern: RegExp) => all.match(pattern)?.length ?? 0;
  const links = count(/https?:\/\/|\bwww\./gi);
  const offers = count(promotion);
  const reasons: CheckReason[] = [];
  if (offers > 0) {
    const text = offers > 1 ? 'It reads like advertising.' : 'One phrase reads like advertising.';
    reasons.push({ check: 'promotion', points: Math.min(80, 30 * offers + 10 * links), text });
  } else if (links > 3) reasons.push({ check: 'promotion', points: 30, text: `It holds ${links} links.` });
  if (count(filler) > 0)
    reasons.push({ check: 'filler', points: 70, text: 'It holds text that stands for missing text.' });
  if (count(harmful) > 0) {
    reasons.push({ check: 'harmful', points: 60, text: 'It seems to threaten or insult somebody.', holds: true });
  }
  if (count(orders) > 0) {
    reasons.push({ check: 'orders', points: 60, text: 'It gives orders to a model that reads it.', holds: true });
  }
  return reasons;
}
