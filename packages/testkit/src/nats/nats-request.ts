/** One request to a nats-server in its text protocol, over a connection of its own: so this package needs no client. */
import { createConnection } from "node:net";

const inbox = "_INBOX.testkit";

/** @returns the answer's text, or undefined when there was none within `timeoutMs`. */
export function natsRequest(
  port: number,
  subject: string,
  payload = "",
  timeoutMs = 500,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: "127.0.0.1", port });
    let text = "";
    const end = (answer?: string) => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    const timer = setTimeout(end, timeoutMs);
    socket.setEncoding("utf8");
    socket.on("error", () => end());
    socket.on("data", (chunk: string) => {
      text += chunk;
      const answer = answerIn(text);
      if (answer !== undefined) end(answer);
    });
    const connect = JSON.stringify({ verbose: false, pedantic: false, headers: true, no_responders: true });
    const bytes = Buffer.byteLength(payload);
    socket.write(
      `CONNECT ${connect}\r\nSUB ${inbox} 1\r\nPUB ${subject} ${inbox} ${bytes}\r\n${payload}\r\n`,
    );
  });
}

/** The whole payload of the first MSG; a status (HMSG: nobody answers that subject) is an empty answer. */
function answerIn(text: string): string | undefined {
  if (text.includes("HMSG ")) return "";
  const message = /\r\nMSG \S+ 1 (\d+)\r\n/.exec(text);
  if (!message) return undefined;
  const payload = Buffer.from(text.slice(message.index + message[0].length));
  const length = Number(message[1]);
  return payload.length < length ? undefined : payload.subarray(0, length).toString();
}
