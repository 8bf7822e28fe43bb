// Has the browser sign votes with the reviewer's passkey, and make passkeys. Without it such votes are refused in words.
(() => {
  'use strict';
  const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, '+').replace(/_/g, '/')), (c) => c.charCodeAt(0));
  const text = (buffer) => btoa(Array.from(new Uint8Array(buffer), (b) => String.fromCharCode(b)).join(''))
    .replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');

  const say = (words, tone = 'refused', link = '') => {
    const line = Object.assign(document.createElement('p'), { className: `notice ${tone}`, textContent: words });
    if (link) line.append(' ', Object.assign(document.createElement('a'), { href: link, textContent: 'Open the page' }));
    document.getElementById('said').replaceChildren(line);
    line.scrollIntoView({ block: 'nearest' });
  };

  // What went wrong, for whoever stands there with the key in hand.
  const why = (error, done) => {
    switch (error.name) {
      case 'NotAllowedError': return `Nothing was ${done}: it was cancelled, took too long, or this is not a passkey that you enrolled here.`;
      case 'SecurityError': return 'The browser refuses passkeys here: open the page at the server\u2019s own address.';
      case 'InvalidStateError': return 'There is a passkey of yours on this device already.';
      case 'NotSupportedError': return 'This device cannot make a passkey that checks who you are.';
      default: return `Nothing was ${done}: the browser says ${error.name}.`;
    }
  };

  const ask = async (form, path) => {
    const reply = await fetch(path, { method: 'POST', body: new URLSearchParams(new FormData(form)), redirect: 'manual' });
    if (!(reply.headers.get('Content-Type') ?? '').startsWith('application/json')) {
      throw Object.assign(new Error(), { said: 'The page is out of date, or you were signed out. Load it again.' });
    }
    const json = await reply.json();
    if (!reply.ok) throw Object.assign(new Error(), { said: json.said, link: json.link });
    return json;
  };

  const put = (form, values) => {
    for (const [name, value] of Object.entries(values)) {
      form.querySelector(`input[type=hidden][name="${name}"]`)?.remove();
      form.append(Object.assign(document.createElement('input'), { type: 'hidden', name, value }));
    }
  };

  const sign = async (form) => {
    const asked = await ask(form, form.dataset.sign);
    say('Waiting for your passkey.', 'plain');
    const it = await navigator.credentials.get({ publicKey: {
      challenge: bytes(asked.challenge),
      rpId: asked.party,
      allowCredentials: asked.credentials.map((id) => ({ type: 'public-key', id: bytes(id) })),
      userVerification: 'required',
      timeout: asked.patience,
    } });
    put(form, {
      credential: text(it.rawId),
      client_data: text(it.response.clientDataJSON),
      authenticator_data: text(it.response.authenticatorData),
      signature: text(it.response.signature),
    });
  };

  const enrol = async (form) => {
    const asked = await ask(form, form.dataset.enrol);
    say('Waiting for your passkey.', 'plain');
    const it = await navigator.credentials.create({ publicKey: {
      challenge: bytes(asked.challenge),
      rp: { id: asked.party, name: 'Countersign' },
      user: { id: new TextEncoder().encode(asked.person), name: asked.user, displayName: asked.name },
      pubKeyCredParams: asked.algorithms.map((alg) => ({ type: 'public-key', alg })),
      excludeCredentials: asked.taken.map((id) => ({ type: 'public-key', id: bytes(id) })),
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
      attestation: 'none',
      timeout: asked.patience,
    } });
    put(form, { client_data: text(it.response.clientDataJSON), attestation: text(it.response.attestationObject) });
  };

  const guard = (form, work, done) => {
    let busy = false;
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      event.stopImmediatePropagation();
      if (busy) return;
      if (!window.PublicKeyCredential) {
        say('This browser has no passkeys. Open the page in one that has.');
        return;
      }
      busy = true;
      // A form that scripts submit leaves out which button was pressed.
      const pressed = event.submitter;
      if (pressed?.name) put(form, { [pressed.name]: pressed.value });
      try {
        await work(form);
        form.submit();
      } catch (error) {
        busy = false;
        if (error.said) say(error.said, 'refused', error.link); else say(why(error, done));
      }
    });
    addEventListener('pageshow', () => { busy = false; });
  };

  for (const form of document.querySelectorAll('form[data-sign]')) guard(form, sign, 'signed');
  for (const form of document.querySelectorAll('form[data-enrol]')) guard(form, enrol, 'made');
})();
