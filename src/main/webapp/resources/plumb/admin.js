// What the pages can do with a script: they renew themselves, at once when they are told of a change and every few seconds
// besides, and the pieces of a picture are one stop of the tab key,
// with arrow keys between them. Without it they are read again by hand, and each piece is a stop.
'use strict';
document.addEventListener('DOMContentLoaded', () => {
  const every = document.getElementById('every');
  const news = document.getElementById('news');
  const PATIENCE = 5000; // ms; an instance that stands still takes connections and says nothing
  let timer = 0;

  const piecesOf = (bar) => [...bar.querySelectorAll('a')];

  const oneStopEach = () => document.querySelectorAll('.bar').forEach((bar) => {
    const pieces = piecesOf(bar);
    const focused = pieces.includes(document.activeElement) ? document.activeElement : pieces[0];
    pieces.forEach((piece) => piece.setAttribute('tabindex', piece === focused ? '0' : '-1'));
  });

  document.addEventListener('keydown', (event) => {
    const bar = event.target.closest?.('.bar');
    if (!bar) return;
    const pieces = piecesOf(bar);
    const at = pieces.indexOf(event.target);
    const to = {ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: pieces.length - 1}[event.key];
    if (to === undefined || !pieces[to]) return;
    event.preventDefault();
    pieces[to].focus();
    oneStopEach();
  });

  // Whoever stands on a link keeps his place; what is not there any more is gone here, too.
  const replace = (page) => {
    const stood = document.activeElement?.closest?.('[data-live]') ? document.activeElement.getAttribute('href') : null;
    document.querySelectorAll('[data-live]').forEach((part) => {
      const now = page.getElementById(part.id);
      const html = now ? now.innerHTML : '';
      if (html !== part.innerHTML) part.innerHTML = html;
    });
    // A form keeps what was typed into it; what it does may be something else now: what was pinned is unpinned.
    document.querySelectorAll('form.action[id]').forEach((form) => {
      form.dataset.call = page.getElementById(form.id)?.dataset.call ?? form.dataset.call;
    });
    if (stood && document.activeElement === document.body)
      document.querySelector(`[data-live] a[href="${CSS.escape(stood)}"]`)?.focus();
    oneStopEach();
  };

  const renew = async () => {
    last = Date.now();
    try {
      const answer = await fetch(location.href, {cache: 'no-store', signal: AbortSignal.timeout(PATIENCE)});
      if (answer.redirected) return location.reload(); // the login is over
      if (!answer.ok) throw new Error(answer.status);
      replace(new DOMParser().parseFromString(await answer.text(), 'text/html'));
      news.textContent = '';
    } catch (e) {
      if (!news.textContent) news.textContent = `This instance has not answered since ${new Date().toISOString()}.`;
    }
    soon();
  };

  // Told of changes as long as somebody sees the page; where that does not work, it is renewed every few seconds anyway.
  let events = null;
  let last = 0;
  const LEAST = 300; // ms between two renewals, however much happens
  const listen = () => {
    events?.close();
    events = null;
    if (document.hidden || !Number(every.value)) return;
    events = new EventSource('../api/plumb/events');
    events.addEventListener('changed', () => {
      const pause = Math.max(0, last + LEAST - Date.now());
      clearTimeout(timer);
      timer = setTimeout(renew, pause);
    });
  };

  // Nothing is asked for by a page that nobody sees.
  const soon = () => {
    clearTimeout(timer);
    const seconds = Number(every.value);
    if (seconds && !document.hidden) timer = setTimeout(renew, seconds * 1000);
  };

  every.parentElement.hidden = false;
  every.addEventListener('change', () => {
    listen();
    soon();
  });
  document.addEventListener('visibilitychange', () => {
    listen();
    if (document.hidden) clearTimeout(timer);
    else soon();
  });
  oneStopEach();
  listen();
  soon();
});
