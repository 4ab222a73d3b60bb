/** A process that beats until it is killed: `node heartbeat-sender.fixture.ts URL NODE`. */
import { startHeartbeats } from "./heartbeat-sender.ts";

const [url, node] = process.argv.slice(2) as [string, string];
startHeartbeats({
  servers: [url],
  node,
  site: "site-a",
  incarnation: `process ${process.pid}`,
  kind: "recon",
  slots: 1,
});
