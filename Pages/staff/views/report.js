// What became of each row of a register: the figures, the columns as they were read, and what was found.

import { fill, h, said } from '/common/dom.js';
import { currentLanguage, word } from '/common/words.js';
import { answerFile } from '../desk.js';
import { button, fault, inPieces, number, remark, table, waiting } from '../parts.js';

const OUTCOMES = ['created', 'changed', 'unchanged', 'rejected', 'held'];

/** The report of a register, a trial's or a real one's. */
export function report(reply, signal) {
  const kinds = Object.entries(reply.counts);
  const rejected = kinds.reduce((sum, [, counts]) => sum + counts.rejected, 0);
  const held = kinds.reduce((sum, [, counts]) => sum + counts.held, 0);
  return h('section.report', { 'aria-label': word('report') },
    rejected || held
      ? remark('soon', h('p', null, rejected ? word('rows_rejected', rejected) : null, rejected && held ? word('comma') : null, held ? word('rows_held', held) : null),
        held ? h('p', null, h('a', { href: '#/duplicates' }, word('decide_held'))) : null)
      : remark('good', word(reply.dry_run ? 'trial_good' : 'all_taken')),
    h('h2', null, word('figures')),
    table(word('figures'), [word('kind'), ...OUTCOMES.map((one) => word(`outcome_${one}`)), word('rows_given'), word('outcome_vanished')],
      kinds.map(([kind, counts]) => [word(`kind_${kind}`), ...OUTCOMES.map((one) => number(counts[one])),
        h('strong', null, sums(counts)), number(counts.vanished)])),
    reply.answer ? download(reply.answer, signal) : null,
    findings(reply),
    columns(reply.columns ?? []),
    leftOut(reply.left_out ?? []));
}

/** That rows add up, said so that it can be checked. */
function sums(counts) {
  const parts = OUTCOMES.map((one) => counts[one]);
  const sum = parts.reduce((one, other) => one + other, 0);
  const text = `${parts.join(' + ')} ${sum === counts.given ? '=' : '≠'} ${counts.given}`;
  return h('span.sum', { 'data-holds': String(sum === counts.given) }, text);
}

function findings(reply) {
  if (!reply.findings_total) return h('p', null, word('no_findings'));
  const language = currentLanguage();
  const list = reply.findings;
  // A finding without a row is of the whole file and comes first.
  const ordered = [...list].sort((one, other) => (one.row ?? 0) - (other.row ?? 0));
  return h('div.findings', null,
    h('h2', null, word('findings', reply.findings_total)),
    h('ul.codes', null, (reply.findings_by_code ?? []).map((one) => h('li', null, severity(one.severity), ' ', h('code', null, one.code), ` × ${number(one.count)}`))),
    list.length < reply.findings_total ? h('p.hint', null, word('findings_more', list.length, reply.findings_total)) : null,
    inPieces(ordered, (rows) => table(word('findings', reply.findings_total),
      [word('severity'), word('sheet'), word('row'), word('column'), word('record'), word('value'), word('what_to_do')],
      rows.map((one) => [severity(one.severity), one.sheet ? said(one.sheet) : '—', one.row ?? '—',
        one.header ? [h('b', null, one.column), ' ', said(one.header)] : one.field ?? '—',
        said(one.record ?? '—'), one.value === null || one.value === undefined ? word('empty_cell') : said(one.value),
        [said(one.message?.[language] ?? one.message), h('div.meta', null, h('code', null, one.code))]]))));
}

/** How grave a finding is: a sign, a word and a colour. */
export function severity(one) {
  const sign = { error: '✕', warning: '!', note: 'i' }[one] ?? 'i';
  return h(`span.severity.${one}`, null, h('span', { 'aria-hidden': 'true' }, `${sign} `), word(`severity_${one}`));
}

function columns(list) {
  if (!list.length) return null;
  const unread = list.filter((one) => !one.field).length;
  return h('details', { open: true }, h('summary', null, word('columns_read', list.length - unread, list.length)),
    table(word('mapping'), [word('sheet'), word('column'), word('header'), word('read_as'), word('samples')],
      list.map((one) => [said(one.sheet ?? '—'), one.column, said(one.header ?? '—'),
        one.field ? h('code', null, one.field) : h('span.severity.note', null, word('not_read')),
        said((one.samples ?? []).join(word('list')) || '—')])));
}

function leftOut(list) {
  if (!list.length) return null;
  return h('details', null, h('summary', null, word('left_out', list.length)),
    inPieces(list, (rows) => table(word('left_out', list.length), [word('code'), word('record'), word('rows_given')],
      rows.map((one) => [h('code', null, one.code ?? one.reason ?? '—'), said(one.record ?? one.tag ?? one.key ?? one.example ?? '—'), one.count ?? one.row ?? '—']))));
}

/** The office's own rows with what became of each, to be mended and sent again. */
function download(name, signal) {
  const state = h('div');
  const fetchIt = async () => {
    const told = h('span');
    fill(state, waiting(told));
    try {
      const file = await answerFile(name, (bytes) => told.replaceChildren(word('fetched', Math.ceil(bytes / 1024))), signal);
      const address = URL.createObjectURL(file);
      const link = h('a', { href: address, download: name });
      link.click();
      setTimeout(() => URL.revokeObjectURL(address), 60_000);
      fill(state, remark('good', word('answer_saved')));
    } catch (error) {
      fill(state, fault(error, fetchIt));
    }
  };
  return h('div.row.decide', null, button(word('answer_file'), fetchIt, { 'data-key': 'answer' }), h('p.hint', null, word('answer_hint')), state);
}
