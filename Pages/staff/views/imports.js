// The registers that were brought in, newest first, each to be taken back.

import { fill, h, said } from '/common/dom.js';
import { word } from '/common/words.js';
import { directory } from '../desk.js';
import { button, fault, moment, number, table, waiting } from '../parts.js';
import { undo, undone } from './import.js';

const OUTCOMES = ['created', 'changed', 'unchanged', 'rejected', 'held'];

/** The view. */
export async function imports(body, signal) {
  const state = h('div', { role: 'status' });
  const list = h('div');
  fill(body, h('p', null, word('imports_hint')), state, list);
  const draw = async () => {
    fill(list, waiting());
    try {
      const { imports: all } = await directory.get('/v1/imports', { limit: 1000 }, { signal });
      if (!all.length) return fill(list, h('p', null, word('no_imports'), ' ', h('a', { href: '#/import' }, word('view_import'))));
      fill(list, table(word('view_imports'), [word('batch'), word('when'), word('source'), word('rows_given'), word('became'), word('take_back')],
        all.map((one) => [one.batch, moment(one.time), [said(one.source), h('div.meta', null, said(one.file))], number(one.rows),
          OUTCOMES.filter((outcome) => one[outcome]).map((outcome) => h('div', null, `${number(one[outcome])} ${word(`outcome_${outcome}`)}`)),
          undone.has(one.batch) ? h('span', null, `✓ ${word('is_undone')}`) : button(word('undo'), async () => {
            if (await undo(one.batch, state)) draw();
          }, { 'data-undo': one.batch, 'aria-label': `${word('undo')} ${one.batch}` })])));
    } catch (error) {
      fill(list, fault(error, draw));
    }
  };
  await draw();
}
