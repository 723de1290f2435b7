// Keeps the page up to date and sends what its buttons say. All HTML comes from the server, escaped there.
'use strict';

const by = id => document.getElementById(id);

// The clock: what it showed when the server last said so, and when that was.
const clock = { now: Number(by('now').dataset.now), running: by('now').dataset.running === 'true', at: performance.now() };

function simulated() {
  return clock.now + (clock.running ? performance.now() - clock.at : 0);
}

// tick shows what changes by itself: the time, and what sessions have left of it.
function tick() {
  const now = simulated();
  const text = new Date(now).toISOString();
  setText(by('now'), text.slice(0, 10) + ' ' + text.slice(11, 19));
  by('now').dateTime = text;
  for (const row of document.querySelectorAll('[data-expires]')) {
    const left = Number(row.dataset.expires) - now, whole = Number(row.dataset.expires) - Number(row.dataset.used);
    const share = Math.max(0, Math.min(1, left / whole));
    row.querySelector('progress').value = share;
    row.classList.toggle('soon', share < 0.2);
    setText(row.querySelector('.ttl'), left < 0 ? 'expired' : duration(left));
  }
}

function duration(ms) {
  const s = Math.floor(ms / 1000), two = n => String(n).padStart(2, '0');
  return (s >= 3600 ? Math.floor(s / 3600) + ':' : '') + two(Math.floor(s / 60) % 60) + ':' + two(s % 60);
}

function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

// morph makes the children of a node those of another, and keeps the nodes that have the same id, with focus and all.
function morph(node, fresh) {
  const wanted = new Set([...fresh.children].map(c => c.id).filter(Boolean));
  for (const child of [...node.children]) if (child.id && !wanted.has(child.id)) child.remove();
  const kept = new Map([...node.children].filter(c => c.id).map(c => [c.id, c]));
  let at = node.firstChild;
  for (const want of [...fresh.childNodes]) {
    const have = want.id ? kept.get(want.id) : at && !at.id && at.nodeName === want.nodeName ? at : null;
    if (!have || have.nodeName !== want.nodeName) {
      node.insertBefore(want, at);
      continue;
    }
    if (have === at) at = at.nextSibling;
    else node.insertBefore(have, at);
    if (have.nodeType !== Node.ELEMENT_NODE) {
      if (have.nodeValue !== want.nodeValue) have.nodeValue = want.nodeValue;
      continue;
    }
    for (const a of [...have.attributes]) if (!want.hasAttribute(a.name)) have.removeAttribute(a.name);
    for (const a of want.attributes) if (have.getAttribute(a.name) !== a.value) have.setAttribute(a.name, a.value);
    morph(have, want);
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function parse(html) {
  const t = document.createElement('template');
  t.innerHTML = html;
  return t.content;
}

// The journal: newest first, as many rows as the server gives at once, or a few more.
const entries = by('entries'), mostEntries = 500;

function addEntries(rows) {
  for (const row of [...rows.children].reverse()) if (!by(row.id)) entries.prepend(row);
  while (entries.children.length > mostEntries) entries.lastElementChild.remove();
  filter();
}

function filter() {
  const words = by('filter').value.toLowerCase().split(/\s+/).filter(Boolean), failures = by('failures').checked;
  for (const row of entries.children) {
    const text = row.textContent.toLowerCase();
    row.hidden = failures && !row.classList.contains('fail') || !words.every(w => text.includes(w));
  }
}

by('filter').addEventListener('input', filter);
by('failures').addEventListener('change', filter);

const live = new EventSource('/console/live');
live.onopen = () => { by('lost').hidden = true; };
live.onerror = () => { by('lost').hidden = false; };
live.addEventListener('clock', e => {
  const said = JSON.parse(e.data);
  // A clock that runs differs from ours by what the message took; only a jump is worth showing.
  if (said.running !== clock.running || Math.abs(said.now - simulated()) > (said.running ? 500 : 0)) {
    Object.assign(clock, said, { at: performance.now() });
  }
  setText(by('pace'), clock.running ? 'running' : 'frozen');
  by('freeze').hidden = !clock.running;
  by('run').hidden = clock.running;
  tick();
});
for (const part of ['sites', 'faults']) {
  live.addEventListener(part, e => {
    morph(by(part), parse(e.data));
    by(armed)?.classList.add('armed'); // which the server does not know
    tick();
  });
}
live.addEventListener('journal', e => {
  entries.replaceChildren();
  addEntries(parse(e.data));
});
live.addEventListener('entries', e => addEntries(parse(e.data)));

// say tells in a line what was done, or why not.
let silence;
function say(text, failed) {
  const said = by('said');
  said.textContent = text;
  said.classList.toggle('bad', Boolean(failed));
  clearTimeout(silence);
  silence = setTimeout(() => { said.textContent = ''; }, failed ? 15000 : 5000);
}

// sure says whether a button that loses something was pressed twice in a row.
let armed;
function sure(button) {
  const again = armed === button.id;
  by(armed)?.classList.remove('armed');
  armed = again ? undefined : button.id;
  if (!again) {
    button.classList.add('armed');
    say(button.dataset.sure);
  }
  return again;
}
document.addEventListener('focusout', e => {
  if (e.target.id === armed) sure(e.target);
});

// send does what the data attributes of a button ask for.
async function send(button) {
  const { call, body, from, key, done } = button.dataset;
  if (button.dataset.sure && !sure(button)) return;
  const [method, path] = call.split(' ');
  const content = body ?? (from ? JSON.stringify({ [key]: by(from).value }) : undefined);
  try {
    const answer = await fetch(path, { method, body: content, headers: content ? { 'Content-Type': 'application/json' } : {} });
    if (answer.ok) return say(done);
    const wrong = await answer.json();
    say(wrong.error + (wrong.expected ? '; expected ' + wrong.expected : ''), true);
  } catch (error) {
    say('The simulator does not answer: ' + error.message, true);
  }
}

document.addEventListener('click', e => {
  const button = e.target.closest('button[data-call]');
  if (button) send(button);
});
by('advance-by').addEventListener('keydown', e => {
  if (e.key === 'Enter') send(by('advance'));
});

filter();
tick();
setInterval(tick, 250);
