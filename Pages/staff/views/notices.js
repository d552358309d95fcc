// Notices of the communities: what counts, what is to come and what is past; posted and withdrawn here.

import { fill, h, said } from '/common/dom.js';
import { currentLanguage, nameOf, word } from '/common/words.js';
import { change, everything } from '../desk.js';
import { button, dayText, fault, field, remark, sure, select, tick, waiting } from '../parts.js';
import { communities } from '../records.js';

/** The view. */
export async function notices(body, signal) {
  const state = h('div', { role: 'status' });
  const list = h('div');
  let areas;
  fill(body, waiting());
  try {
    areas = await communities();
  } catch (error) {
    return fill(body, fault(error, () => notices(body, signal)));
  }

  const draw = async () => {
    fill(list, waiting());
    try {
      const all = await everything('/v1/notices', 'notices', { all: 'yes', lang: currentLanguage() }, signal);
      fill(list, h('h2', null, word('notices_posted'), h('span.count', null, all.length)),
        all.length ? h('ul.cards', null, all.map(card)) : h('p', null, word('no_notices')));
    } catch (error) {
      fill(list, error.status === 404 ? remark('soon', word('notices_unknown')) : fault(error, draw));
    }
  };

  const card = (notice) => h('li.place', { 'data-notice': notice.id }, h('div', null,
    h('p', null, notice.urgent ? h('span.severity.error', null, `! ${word('urgent')} `) : null, h('strong', null, said(notice.title))),
    h('p', null, said(notice.text)),
    h('p.meta', null, word('for_whom'), word('colon'), said(notice.to?.name ?? notice.to?.id), ' · ', said(`${dayText(notice.from)} – ${notice.until ? dayText(notice.until) : word('until_further')}`),
      notice.state ? [' · ', word(`notice_${notice.state}`)] : null)),
  h('div.row', null, button(word('withdraw'), async () => {
    if (!await sure(word('withdraw_title'), word('withdraw_text', notice.title), word('withdraw'), true)) return;
    try {
      await change('DELETE', `/v1/notices/${encodeURIComponent(notice.id)}`);
      fill(state, remark('good', word('withdrawn')));
      await draw();
    } catch (error) {
      fill(state, fault(error));
    }
  }, { 'data-withdraw': notice.id })));

  fill(body, state, form(areas, async (id, record) => {
    try {
      await change('PUT', `/v1/notices/${encodeURIComponent(id)}`, record, { 'If-None-Match': '*' });
      fill(state, remark('good', word('posted')));
      await draw();
      return true;
    } catch (error) {
      fill(state, fault(error));
      state.scrollIntoView({ block: 'nearest' });
      return false;
    }
  }), list);
  await draw();
}

function form(areas, post) {
  const record = {};
  const text = (key, props = {}) => h('input', { type: 'text', autocomplete: 'off', 'data-key': key, on: { input: (event) => { record[key] = event.target.value.trim(); } }, ...props });
  const today = new Date().toLocaleDateString('sv-SE');
  const whom = areas.flatMap((area) => [[`community ${area.id}`, nameOf(area)], ...(area.grids ?? []).map((grid) => [`grid ${grid.id}`, `${nameOf(area)} · ${grid.name}`])]);
  const place = h('details', null);
  const draw = () => {
    Object.assign(record, { title: '', title_en: '', text: '', text_en: '', from: today, until: '', to: whom[0]?.[0] ?? '', urgent: false });
    fill(place, h('summary', null, word('post_notice')), h('div.choices', null,
      field(word('notice_title'), text('title', { maxlength: '60', required: true })),
      field(word('notice_title_en'), text('title_en', { maxlength: '60' })),
      h('div.wide', null, field(word('notice_text'), h('textarea', { rows: '4', maxlength: '2000', 'data-key': 'text', on: { input: (event) => { record.text = event.target.value.trim(); } } }))),
      h('div.wide', null, field(word('notice_text_en'), h('textarea', { rows: '3', maxlength: '2000', on: { input: (event) => { record.text_en = event.target.value.trim(); } } }))),
      field(word('for_whom'), select(whom, record.to, (value) => { record.to = value; }, { 'data-key': 'to' })),
      field(word('from_day'), h('input', { type: 'date', value: today, on: { input: (event) => { record.from = event.target.value; } } })),
      field(word('until_day'), h('input', { type: 'date', 'data-key': 'until', on: { input: (event) => { record.until = event.target.value; } } }), word('until_hint')),
      h('div.field', null, tick(word('urgent'), false, (value) => { record.urgent = value; }))),
    h('div.row', null, button(word('post'), async () => {
      const [kind, id] = record.to.split(' ');
      const isPosted = await post(`notice-${crypto.randomUUID()}`, {
        title: record.title, title_en: record.title_en || null, text: record.text, text_en: record.text_en || null, from: record.from, until: record.until || null, to: { kind, id }, urgent: record.urgent,
      });
      if (isPosted) draw();
    }, { kind: 'primary', 'data-key': 'post' })));
  };
  draw();
  return place;
}
