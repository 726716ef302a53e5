package push

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"net"
	"net/http"

	"github.com/coder/websocket"
)

// The library shakes hands, reads, and answers pings and closes. What we have
// to say is written past it: a frame is encoded once for all desks, with its
// WebSocket header, and goes to each connection as it is, in one system call.
// Both write whole frames in single calls of net.Conn.Write, which does not mix
// concurrent calls.

// accept upgrades a request and returns the socket, and the connection below
// it. The library's buffers are small, since it reads and writes little; with
// the server's usual ones an idle desk would need 8 KiB more.
func accept(w http.ResponseWriter, r *http.Request, origins []string) (*websocket.Conn, net.Conn, error) {
	thin := &thinWriter{ResponseWriter: w}
	socket, err := websocket.Accept(thin, r, &websocket.AcceptOptions{OriginPatterns: origins})
	if err != nil {
		return nil, nil, err
	}
	socket.SetReadLimit(mostRead)
	return socket, thin.conn, nil
}

// thinWriter hands over the connection with smaller buffers.
type thinWriter struct {
	http.ResponseWriter
	conn net.Conn
}

// Hijack implements http.Hijacker.
func (w *thinWriter) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(w.ResponseWriter).Hijack()
	if err != nil {
		return nil, nil, err
	}
	w.conn = conn
	if buffers.Reader.Buffered() > 0 { // the client did not wait for our answer
		return conn, buffers, nil
	}
	if err := buffers.Flush(); err != nil {
		return nil, nil, err
	}
	return conn, bufio.NewReadWriter(bufio.NewReaderSize(conn, 512), bufio.NewWriterSize(conn, 256)), nil
}

// encode makes a text frame of a server (RFC 6455 §5.2) that holds a value as
// JSON; all of them are plain data that JSON can hold.
func encode(value any) []byte {
	text, err := json.Marshal(value)
	if err != nil {
		panic(fmt.Sprintf("a frame cannot be encoded: %v", err))
	}
	const finalText = 0x81
	frame := make([]byte, 0, len(text)+10)
	switch n := len(text); {
	case n < 126:
		frame = append(frame, finalText, byte(n))
	case n < 1<<16:
		frame = binary.BigEndian.AppendUint16(append(frame, finalText, 126), uint16(n))
	default:
		frame = binary.BigEndian.AppendUint64(append(frame, finalText, 127), uint64(n))
	}
	return append(frame, text...)
}
