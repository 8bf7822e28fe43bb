// Asks for a token that people have to approve and polls for it, so that no connection is held: Deferred Token
// Response with the generic parts of openid-client, bound to a key with DPoP.
//
//     ISSUER=http://localhost:8080 CLIENT_ID=refund-bot CLIENT_SECRET=… SCOPE=refunds:write node deferred.js
import * as oauth from 'openid-client'
import { setTimeout as sleep } from 'node:timers/promises'

const { ISSUER, CLIENT_ID, CLIENT_SECRET, SCOPE, REASON = '' } = process.env
const DEFERRED = 'urn:ietf:params:oauth:grant-type:deferred'

const server = await oauth.discovery(new URL(ISSUER), CLIENT_ID, CLIENT_SECRET, oauth.ClientSecretBasic(CLIENT_SECRET), {
  algorithm: 'oauth2',
  execute: ISSUER.startsWith('http://localhost') ? [oauth.allowInsecureRequests] : [],
})
const DPoP = oauth.getDPoPHandle(server, await oauth.randomDPoPKeyPair('ES256'))

async function token() {
  let code
  let interval = 5
  try {
    const wanted = { scope: SCOPE, reason: REASON, completion_mode: 'deferred' }
    return await oauth.clientCredentialsGrant(server, wanted, { DPoP })
  } catch (answer) {
    if (answer.error !== 'authorization_pending') throw answer
    code = answer.cause.deferral_code
    interval = answer.cause.interval
    console.log(answer.error_description)
  }
  while (true) {
    await sleep(interval * 1000)
    try {
      return await oauth.genericGrantRequest(server, DEFERRED, { deferral_code: code }, { DPoP })
    } catch (answer) {
      if (answer.error === 'slow_down') interval += 5
      else if (answer.error !== 'authorization_pending') throw answer
    }
  }
}

const granted = await token()
console.log(`granted ${granted.scope} for ${granted.expires_in} s, ${granted.token_type}`)
