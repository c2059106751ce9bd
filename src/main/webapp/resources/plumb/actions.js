// Forms that change something, by the same REST that everybody may use: what would happen is shown first, then it is asked
// for, then watched until it is done.
'use strict';
document.addEventListener('DOMContentLoaded', () => {
  const API = '../api/plumb/';
  const WATCH = 1000; // ms
  const WATCHES = 60;

  // The header is what no foreign page can send: see plumb.access.AllowedFilter.
  const ask = async (method, path, body, epoch) => {
    const headers = {'Plumb-Request': 'page', 'Accept': 'application/json'};
    if (body) headers['Content-Type'] = 'application/json';
    if (epoch) headers['If-Match'] = `"${epoch}"`;
    const answer = await fetch(API + path, {method, headers, body: body && JSON.stringify(body), cache: 'no-store'});
    const text = await answer.text();
    const json = text ? JSON.parse(text) : {};
    if (!answer.ok) throw new Error(json.detail || `It was answered with ${answer.status}.`);
    return json;
  };

  const dialog = document.getElementById('confirm');
  const confirmed = (what) => new Promise((resolve) => {
    document.getElementById('confirm-what').textContent = what;
    document.getElementById('confirm-yes').onclick = () => dialog.close('yes');
    document.getElementById('confirm-no').onclick = () => dialog.close('');
    dialog.onclose = () => resolve(dialog.returnValue === 'yes');
    dialog.returnValue = '';
    dialog.showModal();
    document.getElementById('confirm-no').focus();
  });

  const withQuery = (path, query) => path + (path.includes('?') ? '&' : '?') + query;

  const inWords = (plan) => `The others have then: ${plan.instances.map((one) => `${one.instance} ${one.ranges}`).sort().join(', ')}`
    + `${plan.steps.length ? `; ${plan.steps.length === 1 ? 'one step' : `${plan.steps.length} steps`} of balancing would follow` : ''}.`;

  // What the operation would do, in a sentence.
  const preview = async (form, method, path, body, epoch) => {
    if (form.dataset.dry !== undefined) return (await ask(method, withQuery(path, 'dry-run=true'), body, epoch)).text;
    if (form.dataset.plan) return `${form.querySelector('button').textContent}? ${inWords(await ask('GET', form.dataset.plan))}`;
    return `${form.querySelector('button').textContent}?`;
  };

  const outcomeOf = (form) => {
    let outcome = form.querySelector('.outcome');
    if (!outcome) {
      outcome = document.createElement('p');
      outcome.className = 'outcome';
      outcome.setAttribute('role', 'status');
      form.append(outcome);
    }
    return outcome;
  };

  const say = (form, text, failed) => {
    const outcome = outcomeOf(form);
    outcome.classList.toggle('failed', Boolean(failed));
    outcome.textContent = text;
  };

  // The epoch of the page's range. What was done here is known at once; the page may still show what was before it, and a
  // renewal that was under way meanwhile brings that back for a moment. Epochs only grow, so the greater one is the newer.
  let done = 0;
  const epochNow = () => {
    const shown = document.getElementById('epoch')?.textContent.trim();
    return shown && String(Math.max(done, Number(shown)));
  };

  // Until the wish is fulfilled or gone; it can be taken back meanwhile.
  //
  // before: the epoch that it was asked for; it may be done already
  const watch = async (form, before) => {
    const cancel = document.createElement('button');
    cancel.type = 'button';
    cancel.textContent = 'Take it back';
    let range = await ask('GET', form.dataset.watch);
    cancel.onclick = () => ask('DELETE', `${form.dataset.watch}/wish`, null, before).catch((e) => say(form, e.message, true));
    for (let i = 0; i < WATCHES && range.wish; i++) {
      say(form, `On its way: ${range.wish}.`);
      outcomeOf(form).append(' ', cancel);
      await new Promise((resolve) => setTimeout(resolve, WATCH));
      range = await ask('GET', form.dataset.watch);
    }
    if (range.wish) say(form, `It is not done yet: ${range.wish}.`, true);
    else if (String(range.epoch) === before) say(form, 'It was taken back, or could not be done; nothing has changed.', true);
    else {
      done = range.epoch;
      say(form, `Done: ${range.owner ?? 'nobody'} owns it in epoch ${range.epoch}.`);
    }
  };

  const submit = async (form) => {
    const [method, plain] = form.dataset.call.split(' ');
    const epoch = form.dataset.call.includes('ranges/') ? epochNow() : null;
    const fields = Object.fromEntries([...new FormData(form)].filter(([name, value]) => value || form.elements[name].dataset.optional === undefined));
    const path = method === 'DELETE' ? withQuery(plain, new URLSearchParams(fields)) : plain;
    const body = method === 'DELETE' ? null : fields;
    try {
      if (!await confirmed(await preview(form, method, path, body, epoch))) return;
      await ask(method, path, body, epoch);
      say(form, 'It is asked for.');
      if (form.dataset.watch) await watch(form, epoch);
    } catch (e) {
      say(form, e.message, true);
    }
  };

  // Shown once they do something: before, and without scripts, the browser would send them nowhere.
  document.querySelectorAll('form.action').forEach((form) => {
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      submit(form);
    });
    form.hidden = false;
  });

  // What a key's owner has in memory, asked for by whoever looks at it.
  const atOwner = document.getElementById('at-owner');
  const show = async () => {
    try {
      atOwner.replaceChildren(described(await ask('GET', atOwner.dataset.key)));
    } catch (e) {
      atOwner.textContent = e.message;
    }
  };
  const described = (key) => {
    const list = document.createElement('dl');
    const state = key.state ? JSON.stringify(key.state, null, 2) : 'its class does not describe itself (@Describe)';
    const rows = {
      'in memory': key.live ? 'yes' : 'no: it is loaded when somebody asks for it',
      'waiting': key.waiting,
      'alarms': key.alarms.map((one) => `${one.name} ${one.argument} at ${one.due}`).join(', ') || 'none',
      'state': key.live ? state : 'not in memory',
    };
    for (const [name, value] of Object.entries(rows)) {
      const dt = document.createElement('dt');
      dt.textContent = name;
      const dd = document.createElement('dd');
      const text = document.createElement(name === 'state' ? 'pre' : 'span');
      text.textContent = value;
      dd.append(text);
      list.append(dt, dd);
    }
    return list;
  };
  if (atOwner) show();
});
