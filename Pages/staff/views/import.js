// Bringing in a register: a file is dropped or chosen, tried, looked at, and taken in.

import { fill, h, said } from '/common/dom.js';
import { nameOf, word } from '/common/words.js';
import { change, directory, sendRegister } from '../desk.js';
import { button, fault, field, remark, select, sure, tick, waiting } from '../parts.js';
import { communities, forget, types } from '../records.js';
import { report } from './report.js';

const FORMATS = ['table', 'geojson', 'communities', 'records', 'hsds', 'osm'];
const DATUMS = ['', 'wgs84', 'cgcs2000', 'gcj02', 'bd09'];
/** The longest JSON that is looked into to tell what it is, in bytes. Chosen, not measured. */
const LOOKED_INTO = 32 << 20;
/** Properties that a place has and no community. */
const OF_PLACES = ['业态', '营业时间', 'type', 'hours', 'opening_hours'];

/** The view. */
export function bring(body, signal) {
  const input = h('input', { type: 'file', class: 'unseen', tabindex: '-1', 'aria-hidden': 'true', id: 'file', on: { change: () => take(input.files[0]) } });
  const zone = h('div.drop', { on: {
    dragenter: () => zone.classList.add('over'), dragover: (event) => {
      event.preventDefault();
      zone.classList.add('over');
    },
    dragleave: (event) => zone.contains(event.relatedTarget) || zone.classList.remove('over'),
    drop: (event) => {
      event.preventDefault();
      zone.classList.remove('over');
      take(event.dataTransfer.files[0]);
    },
  } }, h('p', null, word('drop_here')), button(word('choose_file'), () => input.click(), { kind: 'primary', 'data-key': 'choose' }), input,
  h('p.hint', null, word('drop_formats')));
  const work = h('div.work');
  fill(body, zone, work);

  async function take(file) {
    input.value = '';
    if (!file) return;
    fill(work, waiting());
    try {
      const [format, catalogue, places, past] = await Promise.all([
        formatOf(file), types(), communities(), directory.get('/v1/imports', { limit: 200 }, { signal })]);
      fill(work, form(file, format, catalogue, places, past.imports, signal));
      work.querySelector('h2').focus();
    } catch (error) {
      fill(work, fault(error, () => take(file)));
    }
  }
}

function form(file, told, catalogue, areas, past, signal) {
  const chosen = { format: told ?? 'table', source: '', type: '', datum: '', complete: false, mapping: '' };
  // The last import of a file of this name says whose it is.
  chosen.source = past.find((one) => one.file === file.name)?.source ?? '';
  const sources = [...new Set(past.map((one) => one.source))];
  const parts = h('div.choices');
  const state = h('div.outcome');

  const draw = () => {
    const isTable = ['table', 'geojson', 'hsds'].includes(chosen.format);
    fill(parts,
      field(word('format'), select(FORMATS.map((one) => [one, word(`format_${one}`)]), chosen.format, (value) => {
        chosen.format = value;
        draw();
      }, { 'data-key': 'format' }), told ? word('format_told') : word('format_unknown')),
      field(word('source'), h('input', { type: 'text', value: chosen.source, list: 'sources', autocomplete: 'off', spellcheck: 'false', 'data-key': 'source',
        on: { input: (event) => { chosen.source = event.target.value.trim(); } } }), word('source_hint')),
      h('datalist', { id: 'sources' }, sources.map((one) => h('option', { value: one }))),
      isTable ? field(word('type'), select([['', word('type_by_file')], ...catalogue.map((one) => [one.id, nameOf(one)])], chosen.type,
        (value) => { chosen.type = value; }, { 'data-key': 'type' }), word('type_hint')) : null,
      ['table', 'geojson'].includes(chosen.format)
        ? field(word('datum'), select(DATUMS.map((one) => [one, one ? word(`datum_${one}`) : word('datum_by_file')]), chosen.datum,
          (value) => { chosen.datum = value; }), word('datum_hint')) : null,
      ['table', 'geojson'].includes(chosen.format)
        ? h('div.field', null, tick(word('complete'), chosen.complete, (value) => { chosen.complete = value; }), h('p.hint', null, word('complete_hint'))) : null,
      isTable ? h('details.wide', null, h('summary', null, word('mapping_own')),
        field(word('mapping_toml'), h('textarea', { rows: '7', spellcheck: 'false', on: { input: (event) => { chosen.mapping = event.target.value; } } }, chosen.mapping),
          word('mapping_hint'))) : null);
  };
  draw();

  const words = (isTrial) => ({
    format: chosen.format, source: chosen.source || undefined,
    ...(['table', 'geojson', 'hsds'].includes(chosen.format) ? {
      type: chosen.type || undefined, mapping: chosen.mapping || undefined,
      ...(chosen.format === 'hsds' ? {} : { datum: chosen.datum || undefined, complete: chosen.complete ? 'yes' : undefined }),
    } : {}),
    dry_run: isTrial ? 'yes' : undefined,
  });

  let isBusy = false;
  const send = async (isTrial, key) => {
    if (isBusy) return;
    isBusy = true;
    const share = h('progress', { max: '1', value: '0', 'aria-label': word('sending') });
    const told = h('span', null, word('sending'));
    fill(state, h('div.sending', { role: 'status' }, told, share));
    try {
      const reply = await sendRegister(file, words(isTrial), { key, signal, onProgress: (value) => {
        share.value = value;
        // What the daemon does with it has no share that could be told.
        if (value >= 1) {
          told.textContent = word(isTrial ? 'being_tried' : 'being_taken');
          share.removeAttribute('value');
        }
      } });
      forget();
      fill(state, h('h2', { tabindex: '-1' }, word(isTrial ? 'trial_done' : 'import_done', reply.batch)), isTrial ? [afterTrial(reply), report(reply, signal)] : [after(reply), report(reply, signal)]);
      state.querySelector('h2').focus();
    } catch (error) {
      fill(state, fault(error, () => send(isTrial, key)));
    } finally {
      isBusy = false;
    }
  };

  const afterTrial = (reply) => {
    // The same key for each try of this import: an answer that was lost brings nothing in twice.
    const key = crypto.randomUUID();
    const isNothing = Object.values(reply.counts).every((counts) => counts.created + counts.changed + counts.held + counts.vanished === 0);
    return h('div.row.decide', null,
      button(word('take_in'), () => send(false, key), { kind: 'primary', 'data-key': 'take-in' }),
      h('p.hint', null, word(isNothing ? 'take_in_nothing' : 'take_in_hint')));
  };

  const after = (reply) => {
    const place = h('div.row');
    fill(place, button(word('undo'), () => undo(reply.batch, place), { 'data-key': 'undo' }), h('p.hint', null, word('undo_hint', reply.batch)));
    return reply.batch === null ? null : place;
  };

  return [
    h('h2', { tabindex: '-1' }, said(file.name), h('span.meta', null, ` ${word('size', Math.max(1, Math.round(file.size / 1024)))}`)),
    areas.length || ['communities', 'osm'].includes(told) ? null : remark('soon', word('no_communities')),
    parts,
    h('div.row.decide', null, button(word('try_it'), () => send(true), { kind: 'primary', 'data-key': 'try' }), h('p.hint', null, word('try_hint'))),
    state,
  ];
}

/** The imports that were taken back on this page: the daemon's list does not tell. */
export const undone = new Set();

/** Takes an import back, after asking; what came of it stands in `place`. */
export async function undo(batch, place) {
  if (!await sure(word('undo_title', batch), word('undo_text'), word('undo'), true)) return false;
  fill(place, waiting());
  try {
    const reply = await change('DELETE', `/v1/imports/${batch}`);
    undone.add(batch);
    forget();
    fill(place, remark('good', word('undone', batch, reply.deleted, reply.restored)));
    return true;
  } catch (error) {
    fill(place, fault(error));
    return false;
  }
}

/** What a file is, by its name and, of JSON, by what is in it; null where neither tells. */
export async function formatOf(file) {
  const name = file.name.toLowerCase();
  if (name.endsWith('.pbf')) return 'osm';
  if (/\.(xlsx|csv|tsv)$/.test(name)) return 'table';
  if (!/\.(geo)?json$/.test(name) || file.size > LOOKED_INTO) return null;
  let value;
  try {
    value = JSON.parse(await file.text());
  } catch {
    // The daemon says where it is broken.
    return name.endsWith('.geojson') ? 'geojson' : 'records';
  }
  if (value?.type === 'FeatureCollection') {
    const features = Array.isArray(value.features) ? value.features.slice(0, 100) : [];
    return features.some(isNoCommunity) ? 'geojson' : 'communities';
  }
  const isOthers = Array.isArray(value) || ['services', 'service', 'organizations', 'service_at_locations', 'contents'].some((one) => one in (value ?? {}));
  return isOthers ? 'hsds' : 'records';
}

function isNoCommunity(feature) {
  const properties = feature?.properties ?? {};
  if (properties.kind) return false;
  return !['Polygon', 'MultiPolygon'].includes(feature?.geometry?.type) || OF_PLACES.some((one) => one in properties);
}
