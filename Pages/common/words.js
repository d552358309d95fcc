// The words of the pages, in Chinese and English. What the directory says comes from the daemon in the language
// that is asked for (`lang=`); these are the page's own.

let language = 'zh';

/** The language that words are given in, "zh" or "en". */
export function currentLanguage() {
  return language;
}

/** Chooses the language of all words from here on. */
export function setLanguage(wanted) {
  language = wanted === 'en' ? 'en' : 'zh';
}

/** More words, by key: [Chinese, English]; each a text or a function of what is in it. */
export function addWords(more) {
  Object.assign(words, more);
}

/** A word or sentence in the language chosen. A key that is not there is a fault of the page, and says so. */
export function word(key, ...values) {
  const entry = words[key];
  if (!entry) throw new Error(`no word “${key}”`);
  const text = entry[language === 'en' ? 1 : 0];
  return typeof text === 'function' ? text(...values) : text;
}

/** The name in the language chosen, of something with `names` or `name`. */
export function nameOf(thing) {
  return thing?.names?.[language] ?? thing?.names?.zh ?? thing?.name ?? '';
}

const s = (count) => (count === 1 ? '' : 's');

const words = {
  // Opening states.
  state_open: ['营业中', 'Open'],
  state_soon: ['快关门', 'Closing soon'],
  state_late: ['赶不上', 'Too late'],
  state_closed: ['未营业', 'Closed'],
  state_suspended: ['暂停', 'Suspended'],
  state_unknown: ['时间不详', 'Not known'],
  late: ['您走到时已关门', 'before you get there'],
  left: [(n) => `您走到还有 ${n} 分钟`, (n) => `${n} minute${s(n)} left when you get there`],
  hours_not_known: ['没有营业时间，去前请先打听', 'No opening times known; ask before you go'],
  comma: ['，', ', '],
  stop: ['。', '. '],
  colon: ['：', ': '],
  list: ['、', ', '],

  // Measures.
  metres: [(n) => `${n} 米`, (n) => `${n} m`],
  kilometres: [(n) => `${n} 公里`, (n) => `${n} km`],
  minute_count: [(n) => `${n} 分钟`, (n) => `${n} min`],
  minute_unit: ['分钟', 'min'],
  on_foot: [(n) => `走 ${n} 分钟`, (n) => `${n} min on foot`],
  yuan: [(n) => `${n} 元`, (n) => `¥${n}`],
  yes: ['有', 'Yes'],
  no: ['没有', 'No'],
  is_so: ['是', 'Yes'],
  is_not_so: ['否', 'No'],

  // Days.
  weekdays: [['周一', '周二', '周三', '周四', '周五', '周六', '周日'], ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']],
  weekdays_long: [
    ['星期一', '星期二', '星期三', '星期四', '星期五', '星期六', '星期日'],
    ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  ],
  day: [(month, day) => `${month}月${day}日`, (month, day) =>
    `${day} ${['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][month - 1]}`],
  day_of_year: [(year, month, day) => `${year}年${month}月${day}日`, (year, month, day) =>
    `${day} ${['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'][month - 1]} ${year}`],
  today: ['今天', 'Today'],
  tomorrow: ['明天', 'Tomorrow'],
  all_day: ['全天', 'All day'],
  closed_day: ['休息', 'Closed'],
  off_day: [(name) => `${name}放假`, (name) => `${name}, day off`],
  make_up_day: [(name) => `${name}调休上班`, (name) => `make-up workday (${name})`],
  unconfirmed: ['待确认', 'unconfirmed'],

  // Map.
  map: ['地图', 'Map'],
  zoom_in: ['放大', 'Zoom in'],
  zoom_out: ['缩小', 'Zoom out'],
  map_missing: ['这里没有街道底图，步行范围和地点仍然准确', 'There is no street map here; walks and places are right all the same'],
  within_minutes: [(n) => `步行 ${n} 分钟以内`, (n) => `Within ${n} min on foot`],
  you_are_here: ['您在这里', 'You are here'],
  map_of: ['周边地图，方向键移动，加减号缩放', 'Map of the surroundings; arrow keys move it, plus and minus zoom'],

  // Faults.
  lost: ['正在重新连接服务，请稍候', 'Reconnecting to the service, one moment'],
  lost_with: [(time) => `正在重新连接服务。下面是 ${time} 的信息`, (time) => `Reconnecting to the service. Below is what was known at ${time}`],
  found: ['已重新连上', 'Connected again'],
  fault: ['出错了，不是没有结果', 'Something went wrong; this is not an empty result'],
  fault_of: [(code) => `错误代码：${code}`, (code) => `Error code: ${code}`],
  try_again: ['再试一次', 'Try again'],
};
