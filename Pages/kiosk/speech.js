// Reading aloud, where the browser has a voice for the language. Without one there is no button: a button that does
// nothing would be worse.

import { plain } from '/common/dom.js';
import { currentLanguage } from '/common/words.js';

/** The browser's voice for the language chosen; nil where it has none. Only voices of this machine: no text leaves it. */
export function voice() {
  if (!('speechSynthesis' in window)) return null;
  const wanted = currentLanguage() === 'en' ? /^en/i : /^(zh|cmn)/i;
  return speechSynthesis.getVoices().find((one) => one.localService && wanted.test(one.lang)) ?? null;
}

/** Whether something is being read. */
export function isReading() {
  return 'speechSynthesis' in window && (speechSynthesis.speaking || speechSynthesis.pending);
}

/** Reads sentences aloud. */
export function read(sentences, onEnd) {
  const chosen = voice();
  if (!chosen) return;
  hush();
  const all = sentences.map(plain).filter(Boolean);
  all.forEach((text, index) => {
    const utterance = new SpeechSynthesisUtterance(text);
    utterance.voice = chosen;
    utterance.lang = chosen.lang;
    // Slower than talk: who listens may hear badly. Chosen, not measured.
    utterance.rate = 0.9;
    if (index === all.length - 1) utterance.addEventListener('end', onEnd);
    speechSynthesis.speak(utterance);
  });
}

/** Stops reading. */
export function hush() {
  if ('speechSynthesis' in window) speechSynthesis.cancel();
}
