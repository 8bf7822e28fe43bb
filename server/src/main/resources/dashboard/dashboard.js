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
  const mine = () => all('.row[data-mine] a[id^="r-"]').map((link) => link.id);
  let known = new Set(ids());
  let told = new Set(mine());
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
    if (waiting !== null && now !== waiting) one('#heard').textContent = now === 1 ? '1 request waits for you' : `${now || 'No'} requests wait for you`;
    waiting = now;
  };

  // ---- several at once: what is selected stays so while the list changes, unless it is what changed
  const picks = () => all('.pick input');
  const picked = () => picks().filter((box) => box.checked);
  let kept = null;
  const heard = (text) => { const at = one('#heard'); if (at) at.textContent = text; };
  const countPicked = () => {
    const n = picked().length;
    const out = one('[data-picked]');
    if (out) out.textContent = n ? `${n} selected` : 'What is selected';
  };
  document.addEventListener('htmx:beforeSwap', (event) => { if (event.target.id === 'queue') kept = new Set(picked().map((box) => box.value)); });
  const pickAgain = () => {
    if (!kept) return;
    for (const box of picks()) if (kept.delete(box.value)) box.checked = true;
    if (kept.size) heard(`${kept.size} of what was selected changed and is selected no more`);
    kept = null;
    countPicked();
  };
  const pick = () => {
    const row = document.activeElement.closest?.('.row');
    const boxes = row ? all('.pick input', row) : [];
    if (!boxes.length) { if (row) heard('This is decided on its own page'); return; }
    const on = !boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = on;
    countPicked();
  };
  const unpick = () => { for (const box of picked()) box.checked = false; countPicked(); };
  const together = (id) => {
    const reason = one('#batch [name=comment]');
    (reason.value.trim() ? document.getElementById(id) : reason).focus();
  };
  document.addEventListener('change', (event) => { if (event.target.closest?.('.pick')) countPicked(); });

  // ---- what the system shows while the page is not looked at: the client's name and the risk, nothing it wrote
  const wantsNotes = () => { try { return localStorage.getItem('notify') === 'on'; } catch { return false; } };
  const notify = () => {
    const fresh = mine().filter((id) => !told.has(id));
    told = new Set(mine());
    if (!fresh.length || !wantsNotes() || !document.hidden || window.Notification?.permission !== 'granted') return;
    for (const id of fresh.slice(0, 3)) {
      const row = document.getElementById(id).closest('.row');
      const note = new Notification(`${row.dataset.who} asks`, { body: `${row.dataset.risk} risk, yours to decide`, tag: id });
      note.onclick = () => { window.focus(); location.href = `/requests/${id.slice(2)}`; note.close(); };
    }
  };
  const offerNotes = (panel) => {
    const button = one('button', panel);
    const said = one('span', panel);
    const show = () => {
      const state = window.Notification ? Notification.permission : 'missing';
      const on = wantsNotes() && state === 'granted';
      button.hidden = state === 'missing' || state === 'denied';
      button.textContent = on ? 'Notify me no more' : 'Notify me here';
      button.setAttribute('aria-pressed', String(on));
      said.textContent = {
        missing: 'This browser shows no notifications.',
        denied: 'Your browser keeps this site from notifying you. Allow it in the site’s settings.',
      }[state] ?? (on ? 'While this page is open behind others, new requests for you are announced.' : '');
    };
    button.addEventListener('click', async () => {
      const on = wantsNotes() && Notification.permission === 'granted';
      if (!on && Notification.permission === 'default') await Notification.requestPermission();
      try { localStorage.setItem('notify', on || Notification.permission !== 'granted' ? 'off' : 'on'); } catch { /* not kept: not turned on */ }
      show();
    });
    show();
    panel.hidden = false;
  };

  document.addEventListener('htmx:afterSwap', (event) => {
    localise(event.target.isConnected ? event.target : document);
    localise(document.getElementById('status') ?? document.createElement('i'));
    tick();
    if (one('#queue')) {
      notify();
      for (const id of ids()) if (!known.has(id)) one(`.row[data-id="${CSS.escape(id)}"]`).classList.add('fresh');
      known = new Set(ids());
      counted();
      pickAgain();
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
  const GRACE = 2500;
  let failing = 0;
  let broken = false;
  const lamp = (state) => {
    const live = one('[data-live]');
    if (!live) return;
    live.hidden = false;
    if (live.textContent !== state) live.textContent = state;
    live.classList.toggle('off', state !== 'live');
  };
  // A connection that comes back at once was never gone for whoever looks.
  const lost = () => {
    broken = true;
    failing ||= setTimeout(() => lamp(navigator.onLine ? 'reconnecting' : 'offline'), GRACE);
  };
  document.addEventListener('htmx:sseOpen', () => {
    clearTimeout(failing);
    failing = 0;
    broken = false;
    lamp('live');
    const list = one('#queue, #status');
    if (list && window.htmx) htmx.trigger(list, 'refetch');
  });
  document.addEventListener('htmx:sseError', lost);
  addEventListener('offline', () => lamp('offline'));
  addEventListener('online', () => lamp(broken ? 'reconnecting' : 'live'));

  // ---- keys
  const keysOn = () => { try { return localStorage.getItem('keys') !== 'off'; } catch { return true; } };
  const typing = (at) => at.matches?.('input:not([type=checkbox], [type=radio]), textarea, select') || at.isContentEditable;
  const step = (by) => {
    const rows = all('.rows .what, .queue .pager a');
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
  const go = { o: '/overview', h: '/history', q: '/', c: '/clients', p: '/policy', f: '/freeze', l: '/ledger', r: '/resources', u: '/groups' };
  const does = {
    j: () => step(1),
    k: () => step(-1),
    x: pick,
    '/': () => { const filters = one('#filters'); if (filters) filters.open = true; (one('#search') ?? one('[role=search] [type=search]'))?.focus(); },
    a: () => picked().length ? together('batch-approve') : open('do-approve', null),
    n: () => open('narrow', 'input'),
    q: () => open('ask', 'textarea'),
    d: () => picked().length ? together('batch-deny') : open('deny', 'input[name=preset]'),
    '?': () => one('#help')?.showModal(),
  };
  let leading = 0;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || one('dialog[open]')) return;
    if (event.key === 'Escape') {
      const panel = document.activeElement.closest?.('details[open]') ?? one('details.panel[open]');
      const back = one('[data-back]');
      if (picked().length && !panel) { unpick(); return; }
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
    countPicked();
    const notes = one('[data-notify]');
    if (notes) offerNotes(notes);
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
