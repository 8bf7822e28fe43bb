// Asks for a token with openid-client, which knows nothing of approvals: its connection is held until people have
// decided, and then this is an ordinary token response.
//
//     ISSUER=http://localhost:8080 CLIENT_ID=refund-bot CLIENT_SECRET=… SCOPE=refunds:write node token.js
import * as oauth from 'openid-client'

const { ISSUER, CLIENT_ID, CLIENT_SECRET, SCOPE, REASON = '' } = process.env

const server = await oauth.discovery(new URL(ISSUER), CLIENT_ID, CLIENT_SECRET, oauth.ClientSecretBasic(CLIENT_SECRET), {
  algorithm: 'oauth2',
  timeout: 600, // as long as the server may hold the connection
  execute: ISSUER.startsWith('http://localhost') ? [oauth.allowInsecureRequests] : [],
})

const granted = await oauth.clientCredentialsGrant(server, { scope: SCOPE, reason: REASON })
const seen = await oauth.tokenIntrospection(server, granted.access_token)
console.log(`granted ${granted.scope} for ${granted.expires_in} s, active: ${seen.active}`)

await oauth.tokenRevocation(server, granted.access_token)
const after = await oauth.tokenIntrospection(server, granted.access_token)
console.log(`given back, active: ${after.active}`)
