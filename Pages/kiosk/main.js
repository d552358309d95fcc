// The kiosk page: puts its parts together and starts.

import { fill, h, icon, said } from '/common/dom.js';
import { leaflet } from '/common/map.js';
import { currentLanguage, nameOf, word } from '/common/words.js';
import './words.js';
import { App } from './app.js';
import { Idle } from './idle.js';
import { clockOf, toggle } from './parts.js';
import { hush, isReading, read, voice } from './speech.js';
import { settings, setup, types } from './views/choices.js';
import { detail } from './views/detail.js';
import { home, notice, notices } from './views/home.js';
import { list } from './views/list.js';
import { route, take } from './views/route.js';
import { search } from './views/search.js';

/** Seconds until the warning and of the warning, where the settings do not say. */
const TIMES = { idle: 60, warning: 20 };

const main = document.querySelector('#view');
const top = document.querySelector('#top');
const bar = document.querySelector('#bar');
const banner = document.querySelector('#banner');
const app = new App({ home, list, detail, route, take, search, types, settings, setup, notices, notice }, main);

// --- Frame

function drawTop() {
  const { origin } = app.place;
  const now = clockOf(app);
  fill(top,
    h('p.where', null, icon('pin'), h('span', null, origin ? said(nameOf(origin)) : word('product'),
      app.place.community ? h('span.community', null, said(nameOf(app.place.community))) : null)),
    h('p.clock', null, h('time', { datetime: now.time }, now.time),
      h('span.date', null, h('span', null, word('day', now.month, now.day)), ' ', h('span', null, word('weekdays_long')[now.weekday]))));
}

function drawBar() {
  const deep = app.stack.length > 1;
  const isSetup = app.current?.name === 'setup';
  const button = (name, key, act, props = {}) => h('button', { type: 'button', 'data-key': `bar-${key}`, on: { click: act }, ...props },
    icon(name), h('span', null, word(key)));
  fill(bar,
    deep ? button('back', 'back', () => app.back()) : null,
    deep ? button('home', 'home', () => app.home()) : null,
    voice() ? button(isReading() ? 'silent' : 'sound', isReading() ? 'stop_reading' : 'read_aloud', readAloud) : null,
    h('span.space'),
    h('div.bar-switches', null,
      toggle(word('large'), app.choice.large, () => app.choose({ large: !app.choice.large }), { key: 'bar-large', before: icon('letters') }),
      toggle(word('contrast'), app.choice.contrast, () => app.choose({ contrast: !app.choice.contrast }), { key: 'bar-contrast', before: icon('contrast') }),
      h('button', { type: 'button', 'data-key': 'bar-language', lang: currentLanguage() === 'zh' ? 'en' : 'zh-CN',
        on: { click: () => app.speak(currentLanguage() === 'zh' ? 'en' : 'zh') } }, icon('globe'), h('span', null, word('other_language')))),
    isSetup || app.current?.name === 'settings' ? null : h('div.bar-settings', null, button('settings', 'settings', () => app.go('settings'))));
}

function readAloud() {
  if (isReading()) {
    hush();
    drawBar();
    return;
  }
  read(app.shown?.speech?.() ?? [], () => drawBar());
  setTimeout(drawBar, 100);
}

function dress() {
  document.documentElement.classList.toggle('large', app.choice.large);
  document.documentElement.classList.toggle('contrast', app.choice.contrast);
  document.documentElement.lang = currentLanguage() === 'en' ? 'en' : 'zh-CN';
  bar.setAttribute('aria-label', word('bar'));
}

app.addEventListener('chosen', () => {
  dress();
  drawTop();
});
app.addEventListener('shown', () => {
  hush();
  drawBar();
});
app.addEventListener('reset', () => scrollTo(0, 0));
if ('speechSynthesis' in window) speechSynthesis.addEventListener?.('voiceschanged', drawBar);

// --- The daemon comes and goes

let foundTimer = null;
app.directory.addEventListener('lost', () => {
  clearTimeout(foundTimer);
  banner.className = 'lost';
  fill(banner, icon('warning'), h('span', null, word('lost_with', clockOf(app).time)));
});
app.directory.addEventListener('found', () => {
  banner.className = 'found';
  fill(banner, icon('tick'), h('span', null, word('found')));
  foundTimer = setTimeout(() => {
    banner.className = '';
    fill(banner);
  }, 3000);
});

// --- Time

let shownTime = '';
function tick() {
  const { time } = clockOf(app);
  if (time === shownTime) return;
  const isFirst = shownTime === '';
  shownTime = time;
  drawTop();
  // Opening states change at full minutes; a home view that nobody uses keeps up with them, and with the language.
  if (!isFirst && app.current?.name === 'home' && app.isUntouched) {
    if (document.activeElement === document.body || document.activeElement === main) app.again();
  }
}

// --- Keys: Escape goes back

document.addEventListener('keydown', (event) => {
  if (event.key === 'Escape' && !document.querySelector('dialog[open]')) app.back();
});
// A long press is no menu, and two fingers are nothing here.
document.addEventListener('contextmenu', (event) => event.preventDefault());

// --- Start

async function start() {
  dress();
  tick();
  setInterval(tick, 1000);
  const words = new URLSearchParams(location.search);
  // One entry in the history, whatever is looked at.
  history.replaceState(null, '', location.href);
  const ask = (path, more) => app.directory.get(path, more).catch((error) => {
    if (error.status === 404) return null;
    throw error;
  });
  // An origin of the address is asked for beside the rest; settle() has its answer, or its fault, then.
  const named = words.get('origin');
  const ahead = named ? app.directory.get(`/v1/origins/${encodeURIComponent(named)}`) : null;
  ahead?.catch(() => {});
  const [settings_, types_, profiles, communities] = await Promise.all([
    ask('/kiosk/settings.json'), ask('/v1/types'), ask('/v1/profiles'), ask('/v1/communities')]);
  app.place.settings = settings_ ?? {};
  app.place.types = types_?.types ?? [];
  app.place.profiles = profiles?.profiles ?? [];
  app.communities = communities?.communities ?? [];
  if (words.get('profile')) app.place.settings.profile = words.get('profile');
  await settle(named ?? app.place.settings.origin, ahead);
  // Leaflet and the languages' names are there before the first map is wanted.
  setTimeout(() => leaflet().catch(() => {}), 1500);
  new Idle({
    times: () => ({
      idle: app.place.settings.idle_seconds ?? TIMES.idle, warning: app.place.settings.warning_seconds ?? TIMES.warning,
    }),
    isUntouched: () => app.isUntouched,
    reset: () => {
      hush();
      app.reset();
    },
  });
}

async function settle(id, ahead = null) {
  let fault = null;
  if (id) {
    try {
      app.place.origin = await (ahead ?? app.directory.get(`/v1/origins/${encodeURIComponent(id)}`));
      app.place.community = app.communities.find((one) => one.id === app.place.origin.community) ?? null;
      app.place.zone = app.place.community?.time_zone ?? app.place.settings.time_zone ?? app.place.zone;
    } catch (error) {
      if (error.status !== 404 && error.status !== 400) throw error;
      fault = id;
    }
  }
  drawTop();
  app.stack = [{ name: app.place.origin ? 'home' : 'setup', words: { fault } }];
  app.again();
}

app.addEventListener('origin', ({ detail: id }) => {
  const address = new URL(location.href);
  address.searchParams.set('origin', id);
  history.replaceState(null, '', address);
  settle(id);
});

start().catch((error) => {
  console.error(error);
  banner.className = 'lost';
  fill(banner, icon('warning'), h('span', null, word('fault'), word('stop'), error.message));
});
