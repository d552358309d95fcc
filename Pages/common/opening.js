// Opening states, walks, values and days in words. The daemon's own words come first; what is added here is what
// only the page knows.

import { word } from './words.js';
import { plain } from './dom.js';

/** Minutes before closing from which a place counts as closing soon; chosen, not measured. */
export const SOON = 60;

/**
 * What is to be shown of an opening: a state with a shape and words of its own, so that none is told by colour alone.
 *
 * @param {object} opening as the daemon gives it
 * @param {number} [walkSeconds] how long the walk takes
 * @param {number} [now] milliseconds
 * @returns {{state: string, shape: string, label: string, text: string, left: number|null}} `left` minutes until it
 *     closes, on arrival
 */
export function shown(opening, walkSeconds = 0, now = Date.now()) {
  const until = opening?.until ? Date.parse(opening.until) : null;
  const onArrival = until === null ? null : Math.floor((until - now) / 60000 - walkSeconds / 60);
  const text = plain(opening?.text ?? '');
  switch (opening?.state) {
    case 'open': {
      if (onArrival !== null && onArrival < 0) {
        return { state: 'late', shape: 'late', label: word('state_late'), text: joined(text, word('late'), ['您走到时', 'before you get']), left: onArrival };
      }
      const soon = onArrival !== null && onArrival <= SOON;
      return {
        state: soon ? 'soon' : 'open', shape: soon ? 'soon' : 'open',
        label: word(soon ? 'state_soon' : 'state_open'),
        text: soon ? joined(text, word('left', onArrival), ['您走到还有', 'left when']) : text, left: onArrival,
      };
    }
    case 'closed':
      return { state: 'closed', shape: 'closed', label: word('state_closed'), text, left: null };
    case 'suspended':
      return { state: 'suspended', shape: 'suspended', label: word('state_suspended'), text, left: null };
    default:
      return { state: 'unknown', shape: 'unknown', label: word('state_unknown'), text: text || word('hours_not_known'), left: null };
  }
}

function joined(text, more, signs) {
  if (signs.some((sign) => text.includes(sign))) return text;
  return text ? `${text}${word('comma')}${more}` : more;
}

/** Whole minutes of a walk, never nought. */
export function minutes(seconds) {
  return Math.max(1, Math.ceil(seconds / 60));
}

/** A length in words: 640 m, 1.2 km. */
export function length(metres) {
  if (metres < 1000) return word('metres', Math.max(10, Math.round(metres / 10) * 10));
  return word('kilometres', (metres / 1000).toFixed(1));
}

/** Whole fen as yuan. */
export function money(fen) {
  const yuan = fen / 100;
  return word('yuan', Number.isInteger(yuan) ? yuan : yuan.toFixed(2).replace(/0$/, ''));
}
