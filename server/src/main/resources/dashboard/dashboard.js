// Makes the pages live and quick. Every page works without it.
(() => {
  'use strict';
  const one = (query, from = document) => from.querySelector(query);
  const all = (query, from = document) => [...from.querySelectorAll(query)];

  // ---- times: pages have them in one form and zone, the reader's own is a hint; and a clock that runs down
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

  const clock = (seconds) => {
    const s = Math.max(0, Math.floor(seconds));
    const two = (n) => String(n).padStart(2, '0');
    if (s >= 86400) {
      const some = (n, unit) => n ? ` ${n} ${unit}${n === 1 ? '' : 's'}` : '';
      return (some(Math.floor(s / 86400), 'day') + some(Math.floor(s % 86400 / 3600), 'hour')).trim();
    }
    return s >= 3600
      ? `${Math.floor(s / 3600)}:${two(Math.floor(s % 3600 / 60))}:${two(s % 60)}`
      : `${Math.floor(s / 60)}:${two(s % 60)}`;
  };

  const deadlines = new WeakMap();
  const localise = (root) => {
    for (const time of all('time[datetime]', root)) {
      time.title = full.format(new Date(time.dateTime));
      if (time.dataset.left) deadlines.set(time, performance.now() + 1000 * Number(time.dataset.left));
    }
  };
  const tick = () => {
    for (const time of all('time[data-left]')) {
      const left = ((deadlines.get(time) ?? 0) - performance.now()) / 1000;
      const shown = one('[aria-hidden]', time);
      const text = clock(left);
      if (shown.textContent !== text) shown.textContent = text;
      time.classList.toggle('soon', left < 120);
    }
  };

  // ---- what changed, in the title and for screen readers
  const say = (text) => { one('#said').replaceChildren(Object.assign(document.createElement('p'), { className: 'notice plain', textContent: text })); };
  let waiting = null;
  const ids = () => all('.row[data-id]').map((row) => row.dataset.id);
  let known = new Set(ids());
  let stood = one('#status')?.dataset.state;

  const counted = () => {
    const queue = one('[data-waiting]');
    if (!queue) return;
    const now = Number(queue.dataset.waiting);
    document.title = (now ? `(${now}) ` : '') + document.title.replace(/^\(\d+\) /, '');
    const link = one('nav a[href="/"]');
    let badge = one('[data-count]', link);
    if (!badge && now) {
      badge = Object.assign(document.createElement('span'), { className: 'count' });
      badge.dataset.count = '';
      link.append(badge);
    }
    if (badge) { badge.textContent = now || ''; badge.hidden = !now; }
    const heard = one('#heard');
    if (waiting !== null && now !== waiting && heard) heard.textContent = now === 1 ? '1 request waits for you' : `${now || 'No'} requests wait for you`;
    waiting = now;
  };

  document.addEventListener('htmx:afterSwap', (event) => {
    localise(event.target.isConnected ? event.target : document);
    localise(document.getElementById('status') ?? document.createElement('i'));
    tick();
    if (one('#queue')) {
      for (const id of ids()) if (!known.has(id)) one(`.row[data-id="${CSS.escape(id)}"]`).classList.add('fresh');
      known = new Set(ids());
      counted();
    }
    const status = one('#status');
    if (status && status.dataset.state !== stood) { stood = status.dataset.state; say(one('.headline', status).textContent); }
    const decide = one('#decide');
    if (status && decide && status.dataset.open === 'no') {
      const inside = decide.contains(document.activeElement);
      decide.remove();
      if (inside) one('#main').focus();
    }
  });

  // ---- whether events come in
  const lamp = (on) => {
    const live = one('[data-live]');
    if (!live) return;
    live.hidden = false;
    live.textContent = on ? 'live' : 'offline';
    live.classList.toggle('off', !on);
  };
  document.addEventListener('htmx:sseOpen', () => { lamp(true); const list = one('#queue, #status'); if (list && window.htmx) htmx.trigger(list, 'refetch'); });
  document.addEventListener('htmx:sseError', () => lamp(false));

  // ---- keys
  const keysOn = () => { try { return localStorage.getItem('keys') !== 'off'; } catch { return true; } };
  const typing = (at) => at.matches?.('input:not([type=checkbox], [type=radio]), textarea, select') || at.isContentEditable;
  const step = (by) => {
    const rows = all('.rows .what');
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement);
    rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))].focus();
  };
  const open = (id, first) => {
    const row = document.activeElement.closest?.('.row');
    const link = row && one('.what', row);
    if (link && one('#queue')) { location.href = `${link.href}#${id}`; return; }
    const panel = document.getElementById(id);
    if (!panel) return;
    if (panel.tagName === 'DETAILS') panel.open = true;
    const target = first ? one(first, panel) : panel;
    target.focus();
    panel.scrollIntoView({ block: 'nearest' });
  };
  const go = { o: '/overview', h: '/history', q: '/', c: '/clients', p: '/policy', f: '/freeze' };
  const does = {
    j: () => step(1),
    k: () => step(-1),
    a: () => open('do-approve', null),
    n: () => open('narrow', 'input'),
    q: () => open('ask', 'textarea'),
    d: () => open('deny', 'input[name=preset]'),
    '?': () => one('#help')?.showModal(),
  };
  let leading = 0;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || one('dialog[open]')) return;
    if (event.key === 'Escape') {
      const panel = document.activeElement.closest?.('details[open]') ?? one('details.panel[open]');
      const back = one('[data-back]');
      if (panel) { panel.open = false; one('summary', panel).focus(); } else if (back) { back.click(); }
      return;
    }
    if (typing(event.target) || !keysOn()) return;
    const key = event.key.toLowerCase();
    const led = leading && performance.now() - leading < 1500;
    leading = 0;
    if (led && go[key]) { event.preventDefault(); location.href = go[key]; return; }
    if (key === 'g') { leading = performance.now(); return; }
    if (Object.hasOwn(does, key) && !event.repeat | key === 'j' | key === 'k') { event.preventDefault(); does[key](); }
  });

  // ---- start
  document.addEventListener('DOMContentLoaded', () => {
    localise(document);
    tick();
    counted();
    setInterval(tick, 1000);
    if (!/^(Etc\/)?(UTC|UCT|GMT)$/.test(zone)) one('[data-zone]').textContent = `Times are in UTC. Point at one to see it in ${zone}.`;
    document.documentElement.classList.toggle('hot', keysOn() && matchMedia('(hover: hover)').matches);
    const help = one('[data-help-open]');
    if (help) { help.hidden = false; help.addEventListener('click', () => one('#help').showModal()); }
    const keys = one('[data-keys]');
    if (keys) {
      keys.checked = keysOn();
      keys.addEventListener('change', () => {
        try { localStorage.setItem('keys', keys.checked ? 'on' : 'off'); } catch { /* kept for this page only */ }
        document.documentElement.classList.toggle('hot', keys.checked);
      });
    }
    // A decision goes out once, however often it is pressed.
    for (const form of all('form[method=post]')) {
      form.addEventListener('submit', (event) => {
        if (form.dataset.sent) { event.preventDefault(); return; }
        form.dataset.sent = 'yes';
      });
    }
    addEventListener('pageshow', () => { for (const form of all('form')) delete form.dataset.sent; });
    const wanted = { '#do-approve': 'a', '#narrow': 'n', '#ask': 'q', '#deny': 'd' }[location.hash];
    if (wanted) does[wanted]();
  });
})();
