import type { Wire } from "@rapport/core/socket";

/** A browser's WebSocket to a path of the server that the page came from. */
export function connect(path: string): Wire {
  const url = new URL(path, location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(url);
  const wire: Wire = {
    onopen: null,
    onmessage: null,
    onclose: null,
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: (code) => {
      socket.close(code);
    },
  };
  socket.onopen = () => wire.onopen?.();
  socket.onmessage = (event) => wire.onmessage?.({ data: event.data as unknown });
  socket.onclose = (event) => wire.onclose?.({ code: event.code });
  return wire;
}
