// The map: streets, buildings, water and green from the daemon's own tiles (`/v1/map`), drawn on canvas, with reached
// areas, numbered pins and a route. Leaflet moves it; nothing is fetched from anywhere else.

import { h, icon, plain } from './dom.js';
import { word } from './words.js';

const TILE = 256;
const FIRST_ZOOM = 13;
const LAST_ZOOM = 18;
/** Milliseconds of drawing before the page gets its turn again; a frame has 16. */
const SLICE = 6;
/** Outlines that are drawn between two looks at the clock. */
const STEP = 120;
/** Tiles that are kept as they were read. */
const KEPT = 160;

let library = null;

/** Leaflet and its style sheets, once; asked for again after a failure. */
export function leaflet() {
  library ??= (async () => {
    await Promise.all([sheet('/common/map.css'), sheet('/leaflet/leaflet.css')]);
    return import('/leaflet/leaflet.esm.min.js');
  })().catch((error) => {
    library = null;
    throw error;
  });
  return library;
}

function sheet(address) {
  if (document.querySelector(`link[href="${address}"]`)) return null;
  return new Promise((resolve, reject) => {
    const link = h('link', { rel: 'stylesheet', href: address, on: {
      load: resolve,
      error: () => {
        link.remove();
        reject(new Error(`${address} could not be loaded`));
      },
    } });
    // Before the page's own sheets, so that those win.
    document.head.prepend(link);
  });
}

const COLOURS = {
  normal: {
    ground: '#f1eee6', water: '#b7d7e8', waterLine: '#8bbdd6', green: '#d3e6c3', building: '#dcd3c4', outline: '#c5b9a5',
    casing: '#b9ad98', major: '#ffe2a0', minor: '#ffffff', pedestrian: '#f3e4ec', footway: '#8a6f4d', steps: '#a1462d',
    rail: '#777777', text: '#2b3238', halo: '#ffffff',
  },
  contrast: {
    ground: '#000000', water: '#0c3a55', waterLine: '#1f6a94', green: '#0f3216', building: '#2b2b2b', outline: '#5a5a5a',
    casing: '#000000', major: '#e8c766', minor: '#bdbdbd', pedestrian: '#9a86a0', footway: '#d0a070', steps: '#ff9f7f',
    rail: '#999999', text: '#ffffff', halo: '#000000',
  },
};

/** Width of a street in pixels, by zoom from 13 to 18. */
const WIDTHS = {
  major: [2.5, 4, 6, 9, 14, 20], minor: [1, 2, 3.5, 6, 10, 15], pedestrian: [1, 1.5, 3, 5, 8, 12],
  footway: [0.6, 0.8, 1.2, 1.8, 2.4, 3.2], steps: [0.6, 0.8, 2, 3.5, 5, 7], rail: [1, 1.2, 1.6, 2, 2.5, 3],
};

function colours() {
  return document.documentElement.classList.contains('contrast') ? COLOURS.contrast : COLOURS.normal;
}

// One queue for all tiles: a slice of drawing to a turn of the page.
const queue = [];
let isDrawing = false;

function draw(job) {
  queue.push(job);
  if (isDrawing) return;
  isDrawing = true;
  requestAnimationFrame(slice);
}

function slice() {
  const end = performance.now() + SLICE;
  while (queue.length && performance.now() < end) {
    const job = queue[0];
    if (job.isOver() || job.steps.next().done) queue.shift();
  }
  isDrawing = queue.length > 0;
  if (isDrawing) requestAnimationFrame(slice);
}

function trace(context, line, scale, closes) {
  context.moveTo(line[0] * scale, line[1] * scale);
  for (let i = 2; i < line.length; i += 2) context.lineTo(line[i] * scale, line[i + 1] * scale);
  if (closes) context.closePath();
}

function* areas(context, list, scale, fill, outline) {
  for (let from = 0; from < list.length; from += STEP) {
    context.beginPath();
    for (const rings of list.slice(from, from + STEP)) for (const ring of rings) trace(context, ring, scale, true);
    context.fillStyle = fill;
    context.fill('evenodd');
    if (outline) {
      context.strokeStyle = outline;
      context.lineWidth = 0.8;
      context.stroke();
    }
    yield;
  }
}

function* lines(context, list, scale, colour, width, dash = []) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.setLineDash(dash);
  for (let from = 0; from < list.length; from += STEP) {
    context.beginPath();
    for (const line of list.slice(from, from + STEP)) trace(context, line, scale, false);
    context.stroke();
    yield;
  }
  context.setLineDash([]);
}

function* paint(context, tile, zoom) {
  const colour = colours();
  const { layers } = tile;
  const scale = TILE / tile.extent;
  const width = (kind) => WIDTHS[kind][Math.min(Math.max(zoom - FIRST_ZOOM, 0), 5)];
  const streets = (kind) => (layers.streets ?? []).filter((street) => street.kind === kind).map((street) => street.line);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  yield* areas(context, layers.green?.areas ?? [], scale, colour.green);
  yield* areas(context, layers.water?.areas ?? [], scale, colour.water);
  yield* lines(context, layers.water?.lines ?? [], scale, colour.waterLine, zoom > 15 ? 4 : 2);
  yield* areas(context, layers.buildings?.areas ?? [], scale, colour.building, zoom > 15 ? colour.outline : null);
  const wide = ['pedestrian', 'minor', 'major'].map((kind) => [kind, streets(kind)]);
  for (const [kind, list] of wide) yield* lines(context, list, scale, colour.casing, width(kind) + 2);
  for (const [kind, list] of wide) yield* lines(context, list, scale, colour[kind], width(kind));
  yield* lines(context, streets('footway'), scale, colour.footway, width('footway'), [width('footway') * 2, width('footway') * 2.2]);
  yield* lines(context, streets('steps'), scale, colour.steps, width('steps'), [2, 2.5]);
  const rail = streets('rail');
  yield* lines(context, rail, scale, colour.rail, width('rail') + 1);
  yield* lines(context, rail, scale, colour.ground, width('rail') - 0.4, [8, 8]);
}

/** The longest nearly straight piece of each named street of a tile: where its name fits. */
function nameLines(tile) {
  const found = [];
  for (const { name, kind, line } of tile.layers.streets ?? []) {
    if (!name) continue;
    let best = null;
    let start = 0;
    for (let i = 2; i < line.length; i += 2) {
      const turn = i + 2 < line.length
        ? Math.abs(angleBetween(line, start, i, i, i + 2)) : Infinity;
      if (turn < 0.22) continue;
      const size = Math.hypot(line[i] - line[start], line[i + 1] - line[start + 1]);
      if (!best || size > best.size) best = { size, x1: line[start], y1: line[start + 1], x2: line[i], y2: line[i + 1] };
      start = i;
    }
    if (best) found.push({ name: plain(name), kind, ...best });
  }
  return found.sort((a, b) => b.size - a.size);
}

function angleBetween(line, a, b, c, d) {
  const one = Math.atan2(line[b + 1] - line[a + 1], line[b] - line[a]);
  const two = Math.atan2(line[d + 1] - line[c + 1], line[d] - line[c]);
  const turn = Math.abs(one - two) % (2 * Math.PI);
  return Math.min(turn, 2 * Math.PI - turn);
}

/** The tiles of one daemon, kept as they were read. */
class TileShelf {
  #tiles = new Map();

  constructor(base, credentials) {
    this.base = base;
    this.credentials = credentials;
    this.attributions = new Set();
  }

  async get({ z, x, y }, signal) {
    const key = `${z}/${x}/${y}`;
    const known = this.#tiles.get(key);
    if (known) {
      this.#tiles.delete(key);
      this.#tiles.set(key, known);
      return known;
    }
    const response = await fetch(`${this.base}/v1/map?z=${z}&x=${x}&y=${y}`, { signal, credentials: this.credentials });
    if (response.status === 404) return null;
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    const tile = await response.json();
    for (const text of [tile.attribution].flat()) if (text) this.attributions.add(text);
    tile.names = nameLines(tile);
    this.#tiles.set(key, tile);
    if (this.#tiles.size > KEPT) this.#tiles.delete(this.#tiles.keys().next().value);
    return tile;
  }

  kept({ z, x, y }) {
    return this.#tiles.get(`${z}/${x}/${y}`);
  }
}

function makeStreetLayer(L, shelf, onTile, onMissing) {
  return new (L.GridLayer.extend({
    createTile(coords, done) {
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      const canvas = document.createElement('canvas');
      canvas.width = TILE * ratio;
      canvas.height = TILE * ratio;
      const controller = new AbortController();
      canvas.controller = controller;
      const context = canvas.getContext('2d');
      context.scale(ratio, ratio);
      const attempt = async () => {
        try {
          const tile = await shelf.get(coords, controller.signal);
          if (!tile) {
            onMissing();
            done(null, canvas);
            return;
          }
          draw({
            isOver: () => controller.signal.aborted,
            steps: (function* () {
              yield* paint(context, tile, coords.z);
              done(null, canvas);
              onTile();
            }()),
          });
        } catch {
          // The daemon is away: the tile is asked for again as long as it is wanted.
          if (!controller.signal.aborted) setTimeout(attempt, 2000);
        }
      };
      attempt();
      return canvas;
    },
  }))({ tileSize: TILE, minZoom: FIRST_ZOOM, maxZoom: LAST_ZOOM, keepBuffer: 1, updateWhenZooming: false });
}

// Names over the tiles: street names along their streets, others beside their point, none over another.
function makeNameLayer(L, shelf) {
  const MARGIN = 160;
  return new (L.Layer.extend({
    onAdd(map) {
      this.map = map;
      this.canvas = L.DomUtil.create('canvas', 'leaflet-zoom-hide');
      map.getPanes().names.append(this.canvas);
      map.on('moveend zoomend resize', this.later, this);
      this.later();
    },
    onRemove(map) {
      map.off('moveend zoomend resize', this.later, this);
      cancelAnimationFrame(this.frame);
      this.canvas.remove();
    },
    later() {
      cancelAnimationFrame(this.frame);
      this.frame = requestAnimationFrame(() => this.drawNames());
    },
    drawNames() {
      const { map, canvas } = this;
      const size = map.getSize();
      const ratio = Math.min(window.devicePixelRatio || 1, 2);
      const zoom = map.getZoom();
      const width = size.x + 2 * MARGIN;
      const height = size.y + 2 * MARGIN;
      canvas.width = width * ratio;
      canvas.height = height * ratio;
      canvas.style.width = `${width}px`;
      canvas.style.height = `${height}px`;
      const corner = map.containerPointToLayerPoint([-MARGIN, -MARGIN]);
      L.DomUtil.setPosition(canvas, corner);
      const origin = map.getPixelOrigin().add(corner);
      const context = canvas.getContext('2d');
      context.scale(ratio, ratio);
      const colour = colours();
      const rem = Math.max(18, parseFloat(getComputedStyle(document.documentElement).fontSize) * 0.72);
      context.textAlign = 'center';
      context.textBaseline = 'middle';
      context.lineJoin = 'round';
      context.lineWidth = 4;
      context.strokeStyle = colour.halo;
      context.fillStyle = colour.text;
      const taken = [];
      const placed = new Map();
      const isFree = (box) => taken.every((other) =>
        box[0] > other[2] || box[2] < other[0] || box[1] > other[3] || box[3] < other[1]);
      const family = getComputedStyle(document.body).fontFamily;
      const put = (text, x, y, angle, bold) => {
        context.font = `${bold ? 700 : 500} ${rem}px ${family}`;
        const long = context.measureText(text).width;
        const w = Math.abs(long * Math.cos(angle)) / 2 + rem * 0.6;
        const v = Math.abs(long * Math.sin(angle)) / 2 + rem * 0.6;
        const box = [x - w, y - v, x + w, y + v];
        if (!isFree(box)) return false;
        if ((placed.get(text) ?? []).some(([a, b]) => Math.hypot(a - x, b - y) < 420)) return false;
        taken.push(box);
        placed.set(text, [...(placed.get(text) ?? []), [x, y]]);
        context.save();
        context.translate(x, y);
        context.rotate(angle);
        context.strokeText(text, 0, 0);
        context.fillText(text, 0, 0);
        context.restore();
        return true;
      };
      const tiles = [];
      for (let x = Math.floor(origin.x / TILE); x * TILE < origin.x + width; x += 1) {
        for (let y = Math.floor(origin.y / TILE); y * TILE < origin.y + height; y += 1) {
          const tile = shelf.kept({ z: zoom, x, y });
          if (tile) tiles.push([tile, x * TILE - origin.x, y * TILE - origin.y, TILE / tile.extent]);
        }
      }
      for (const [tile, left, top, scale] of tiles) {
        for (const label of tile.layers.labels ?? []) {
          if (label.x < 0 || label.y < 0 || label.x >= tile.extent || label.y >= tile.extent) continue;
          put(plain(label.name), left + label.x * scale, top + label.y * scale, 0, true);
        }
      }
      if (zoom < 15) return;
      for (const [tile, left, top, scale] of tiles) {
        for (const one of tile.names) {
          const long = one.size * scale;
          context.font = `500 ${rem}px ${family}`;
          if (long < 40 || long < context.measureText(one.name).width * 0.9) continue;
          let angle = Math.atan2(one.y2 - one.y1, one.x2 - one.x1);
          if (angle > Math.PI / 2) angle -= Math.PI;
          if (angle < -Math.PI / 2) angle += Math.PI;
          put(one.name, left + ((one.x1 + one.x2) / 2) * scale, top + ((one.y1 + one.y2) / 2) * scale, angle, false);
        }
      }
    },
  }))();
}

/** How the edge of a reached area is drawn: the nearer the thicker, and each with another dash. */
const EDGES = [{ weight: 5, dash: null }, { weight: 4, dash: '14 8' }, { weight: 3, dash: '3 9' }];

/** A map in a frame, with its buttons, legend and credits. */
export class TownMap {
  #pins = [];
  #area = null;
  #route = null;
  #here = null;
  #outline = null;
  #isMissing = false;

  /**
   * @param {object} options
   * @param {string} [options.base] what stands before each path
   * @param {string} [options.credentials] "same-origin" where a cookie opens the server, as on the staff page
   * @param {AbortSignal} options.signal ends the map
   * @param {Promise<void>} [options.begin] made after this, so that words which stand beside it come first
   */
  constructor({ base = '', credentials = 'omit', signal, begin = Promise.resolve() }) {
    this.base = base;
    this.credentials = credentials;
    this.begin = begin;
    this.element = h('div.map-canvas');
    this.legend = h('div.map-legend', { hidden: true });
    this.note = h('div.map-note', { hidden: true }, word('map_missing'));
    this.credits = h('p.map-credits');
    const button = (name, key, act) => h('button', { type: 'button', 'aria-label': word(key), 'data-key': key, on: { click: act } }, icon(name));
    this.frame = h('div.map-frame', null, this.element, this.legend, this.note,
      h('div.map-buttons', null,
        button('plus', 'zoom_in', () => this.map?.zoomIn()), button('minus', 'zoom_out', () => this.map?.zoomOut())));
    this.node = h('div.map-part', null, this.frame, this.credits);
    this.signal = signal;
    this.made = this.#make();
  }

  async #make() {
    const L = await leaflet();
    await this.begin;
    // The frame must have its size before the map takes it.
    while (!this.frame.isConnected && !this.signal.aborted) await new Promise(requestAnimationFrame);
    if (this.signal.aborted) return null;
    const map = new L.Map(this.element, {
      minZoom: FIRST_ZOOM, maxZoom: LAST_ZOOM, zoomControl: false, attributionControl: false, tap: false,
      zoomAnimation: !matchMedia('(prefers-reduced-motion: reduce)').matches,
    });
    map.createPane('names').style.zIndex = 450;
    map.getPane('names').style.pointerEvents = 'none';
    this.element.setAttribute('role', 'region');
    this.element.setAttribute('aria-label', word('map_of'));
    this.L = L;
    this.map = map;
    this.shelf = new TileShelf(this.base, this.credentials);
    this.names = makeNameLayer(L, this.shelf);
    const streets = makeStreetLayer(L, this.shelf, () => {
      this.names.later();
      this.#credit();
    }, () => {
      this.#isMissing = true;
      this.note.hidden = false;
    });
    const observer = new ResizeObserver(() => map.invalidateSize());
    observer.observe(this.frame);
    this.signal.addEventListener('abort', () => {
      observer.disconnect();
      for (const canvas of this.element.querySelectorAll('canvas')) canvas.controller?.abort();
      map.remove();
    }, { once: true });
    streets.on('tileunload', ({ tile }) => tile.controller?.abort());
    this.streets = streets;
    return map;
  }

  // Tiles are asked for once there is something to look at.
  #begin() {
    if (!this.map.hasLayer(this.streets)) {
      this.streets.addTo(this.map);
      this.names.addTo(this.map);
    }
  }

  #credit() {
    const all = [...this.shelf.attributions].map(plain).join(' · ');
    if (this.credits.textContent !== all) this.credits.textContent = all;
  }

  /** Whether the daemon has no street map. */
  get isMissing() {
    return this.#isMissing;
  }

  /** Marks where the walk starts, and looks there. */
  async here({ lat, lon }, name) {
    if (!await this.made) return;
    const { L, map } = this;
    this.#here?.remove();
    this.#here = L.marker([lat, lon], {
      icon: L.divIcon({ className: 'map-here', html: h('span'), iconSize: [48, 48] }), interactive: false, keyboard: false,
    });
    if (!map._loaded) map.setView([lat, lon], 16);
    this.#here.addTo(map);
    const element = this.#here.getElement();
    element.setAttribute('role', 'img');
    element.setAttribute('aria-label', name ? `${word('you_are_here')}${word('colon')}${plain(name)}` : word('you_are_here'));
    this.#begin();
  }

  /** Shows how far one gets: the answer of /v1/isochrone. */
  async reach(answer) {
    if (!await this.made) return;
    const { L, map } = this;
    this.#area?.remove();
    const all = answer.features.filter((feature) => feature.properties.kind === 'area')
      .sort((a, b) => b.properties.minutes - a.properties.minutes);
    const limits = all.map((feature) => feature.properties.minutes).reverse();
    const edge = (minutes) => EDGES[Math.min(limits.indexOf(minutes), EDGES.length - 1)];
    const dark = document.documentElement.classList.contains('contrast');
    const colour = dark ? '#ffd84a' : '#0b5c4f';
    this.#area = L.geoJSON({ type: 'FeatureCollection', features: all }, {
      interactive: false,
      style: (feature) => ({
        color: colour, weight: edge(feature.properties.minutes).weight, dashArray: edge(feature.properties.minutes).dash,
        opacity: 0.9, fillColor: colour, fillOpacity: 0.09,
      }),
    }).addTo(map);
    this.legend.replaceChildren(...limits.map((minutes) => h('span', null, sample(edge(minutes)),
      minutes === limits.at(-1) ? word('minute_count', minutes) : minutes)));
    this.legend.hidden = false;
    return this.#area.getBounds();
  }

  /**
   * Shows numbered pins.
   *
   * @param {{number: number, lat: number, lon: number, name: string, state: string, press: () => void}[]} pins
   */
  async pins(pins) {
    if (!await this.made) return;
    const { L, map } = this;
    for (const pin of this.#pins) pin.remove();
    // The first stand above the later ones.
    this.#pins = pins.map((pin) => {
      const marker = L.marker([pin.lat, pin.lon], {
        icon: L.divIcon({
          className: `map-pin ${pin.state ?? ''}`, html: h('span', null, pin.number), iconSize: [60, 60], iconAnchor: [30, 30],
        }), zIndexOffset: -pin.number * 10, riseOnHover: true, keyboard: true,
      });
      marker.on('click', pin.press);
      marker.addTo(map);
      const element = marker.getElement();
      element.setAttribute('role', 'button');
      // A pin with the focus stands above those that it lies under.
      element.addEventListener('focus', () => {
        marker.setZIndexOffset(100000);
        // One that comes by the keyboard is moved out from under buttons and legend.
        if (element.matches(':focus-visible')) {
          map.panInside(marker.getLatLng(), { paddingTopLeft: [60, 110], paddingBottomRight: [130, 120], animate: false });
        }
      });
      element.addEventListener('blur', () => marker.setZIndexOffset(-pin.number * 10));
      element.setAttribute('aria-label', `${pin.number} ${plain(pin.name)}`);
      element.addEventListener('keydown', (event) => {
        if (event.key === 'Enter' || event.key === ' ') {
          event.preventDefault();
          event.stopPropagation();
          pin.press();
        }
      });
      return marker;
    });
  }

  /** Shows a way: the answer of /v1/route. */
  async route(answer) {
    if (!await this.made) return;
    const { L, map } = this;
    this.#route?.remove();
    const points = answer.geometry.coordinates.map(([lon, lat]) => [lat, lon]);
    const dark = document.documentElement.classList.contains('contrast');
    this.#route = L.layerGroup([
      L.polyline(points, { color: dark ? '#000000' : '#ffffff', weight: 13, opacity: 0.95, interactive: false }),
      L.polyline(points, { color: dark ? '#6ec3ff' : '#0a4fd0', weight: 7, interactive: false }),
    ]).addTo(map);
    if (points.length) map.fitBounds(L.latLngBounds(points), { padding: [70, 70], maxZoom: 17, animate: false });
    this.#begin();
  }

  /** Shows the boundary of a community, and looks at it: a geometry of GeoJSON. */
  async outline(geometry) {
    if (!await this.made || !geometry) return;
    const { L, map } = this;
    this.#outline?.remove();
    const dark = document.documentElement.classList.contains('contrast');
    const line = L.geoJSON(geometry, {
      interactive: false, style: { color: dark ? '#ffd84a' : '#6b3a94', weight: 4, dashArray: '2 8', fill: false },
    });
    map.fitBounds(line.getBounds(), { padding: [10, 10], animate: false });
    this.#outline = line.addTo(map);
    this.#begin();
  }

  /** Looks at all of these points. */
  async fit(points) {
    if (!await this.made || !points.length) return;
    this.map.fitBounds(this.L.latLngBounds(points.map(({ lat, lon }) => [lat, lon])), { padding: [60, 60], maxZoom: 17, animate: false });
    this.#begin();
  }
}

function sample({ weight, dash }) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 48 12');
  svg.setAttribute('aria-hidden', 'true');
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'line');
  for (const [key, value] of Object.entries({ x1: 2, y1: 6, x2: 46, y2: 6, stroke: 'currentColor', 'stroke-width': weight, 'stroke-dasharray': dash ?? 'none', 'stroke-linecap': 'round' })) {
    line.setAttribute(key, value);
  }
  svg.append(line);
  return svg;
}
