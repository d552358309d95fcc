// The map beside a list: how far one gets in 5, 10 and 15 minutes, and the places with the numbers of their rows.

import { TownMap } from '/common/map.js';
import { shown } from '/common/opening.js';

/** Pins at most: those of the rows that are there. */
const PINS = 60;

/** A map for a list; `show` gives it the places. */
export function mapPart(app, signal) {
  const map = new TownMap({ signal });
  const begin = async () => {
    const { origin } = app.place;
    if (origin?.location) await map.here(origin.location, origin.name);
    const answer = await app.directory.get('/v1/isochrone', { origin: origin?.id, profile: app.profile, minutes: '5,10,15' }, { signal });
    const bounds = await map.reach(answer);
    if (bounds?.isValid()) map.map.fitBounds(bounds, { padding: [10, 10], animate: false });
  };
  return {
    node: map.node,
    ready: () => begin().catch(quiet),
    show: (places) => map.pins(places.slice(0, PINS).map((entry, index) => ({
      number: index + 1, lat: entry.location?.lat, lon: entry.location?.lon, name: entry.name,
      state: { closed: 'closed', suspended: 'closed', late: 'closed', unknown: 'unknown' }[shown(entry.opening, entry.walk?.seconds ?? 0).state] ?? 'open',
      press: () => app.go('detail', { id: entry.id, entry }),
    })).filter((pin) => Number.isFinite(pin.lat))).catch(quiet),
  };
}

/** A map that cannot be made leaves its frame empty; the list beside it says all there is to say. */
export function quiet(error) {
  if (error?.name !== 'AbortError') console.warn('map:', error?.message ?? error);
}
