import type { Endpoints } from './endpoints.ts';
import { PAPER_LOGIN, type DemoAccounts } from './seed.ts';

/** What a newcomer reads when everything runs. Every command works when pasted into a second terminal. */
export function greeting(endpoints: Endpoints, accounts: DemoAccounts, folder: string): string {
  const { tvGateway, tvData, wsSession, proquant, simulator, postgres, nats } = endpoints;
  const account = accounts['10001'];
  const data = folder === '.data' ? '' : ` --data ${folder}`;
  const order = 'instrument=EURUSD&side=buy&type=market&qty=10000&currentAsk=1.1&currentBid=1.1';
  const signal =
    `{"v1":{"deprecation":null,"event":{"timestamp":'$(date +%s)'000,"type":"SIGNAL_OPEN",` +
    `"integration":{"name":"ada@example.com","description":"demo","imageUrl":"https://example.com/logo.png",` +
    `"webhook":{"url":"${proquant.url}","headers":{}}},"data":{"direction":"BUY","ticker":"XAUUSD","quantity":10,` +
    `"strategy":{"id":"gold-demo","name":"Gold demo"},"proquantPositionId":"demo-'$(date +%s)'"}}}}`;
  return `
Where everything listens
  TradingView gateway   ${tvGateway.url}
  WebSocket sessions    ${wsSession.url}
  ProQuant webhook      ${proquant.url}
  xAPI simulator        tcp ${simulator.tcp?.main} and ${simulator.tcp?.stream}, ${simulator.ws?.main}
  the same, encrypted   tls ${simulator.tls?.main} and ${simulator.tls?.stream}, ${simulator.wss?.main}
  simulator control     ${simulator.control}
  Postgres              ${withoutPassword(postgres)}
  NATS                  ${withoutPassword(nats)}

Demo credentials (also in ${folder}/endpoints.json)
  trader                ${tvGateway.login} / ${tvGateway.password}
  data addresses        Authorization: ${tvData.authorization}
  WebSocket key         ${wsSession.secretKey}
  ProQuant token        ${proquant.header}: ${proquant.token}
  paper account         ${accounts[PAPER_LOGIN]}, at the simulator's live prices: any command below takes it
  broker logins         ${simulator.accounts.map(({ userId, password }) => `${userId} / ${password}`).join(', ')}

Seven commands to try in a second terminal
  1. log in
     TOKEN=$(curl -s ${tvGateway.url}/authorize -d 'login=${tvGateway.login}&password=${tvGateway.password}&locale=en' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/'); echo $TOKEN
  2. place an order: 0.1 lot of EURUSD
     curl -s "${tvGateway.url}/accounts/${account}/orders?locale=en" -H "Authorization: Bearer $TOKEN" -d '${order}'
  3. see it in positions
     curl -s "${tvGateway.url}/accounts/${account}/positions?locale=en" -H "Authorization: Bearer $TOKEN"
  4. watch the accounts on the WebSocket (Ctrl-C ends it)
     npm run --silent watch --${data}
  5. send a ProQuant signal: 0.1 lot of GOLD
     curl -si ${proquant.url} -H 'Content-Type: application/json' -H '${proquant.header}: ${proquant.token}' -d '${signal}'
  6. read it back from the log
     npm run --silent ops -- log tail${data}
  7. the last hour of EURUSD, as TradingView's servers ask for it
     curl -s "${tvData.url}/history?symbol=EURUSD&resolution=1&from=$(($(date +%s)-3600))&to=$(date +%s)" -H 'Authorization: ${tvData.authorization}'
`;
}

/** It is the owner's, and in `endpoints.json`. */
function withoutPassword(url: string): string {
  const shown = new URL(url);
  shown.password = '';
  return shown.href;
}
