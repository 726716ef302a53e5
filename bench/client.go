package bench

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"strconv"

	"rapport"
)

// client is one connection to the API channel. It speaks HTTP/1.1 by hand: the
// generator shares the machine with what it measures.
type client struct {
	address string
	conn    net.Conn
	in      *bufio.Reader
	out     bytes.Buffer
	text    bytes.Buffer
}

func dial(address string) (*client, error) {
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	return &client{address: address, conn: conn, in: bufio.NewReader(conn)}, nil
}

func (c *client) close() { c.conn.Close() }

// ack is what the server promised about a message.
type ack struct {
	message        message
	ConversationID rapport.ConversationID `json:"conversation_id"`
	Seq            int                    `json:"seq"`
	Duplicate      bool                   `json:"duplicate"`
	Assignee       *rapport.AgentRef      `json:"assignee"`
}

// send posts a message and waits for the promise.
func (c *client) send(m message) (ack, error) {
	c.text.Reset()
	fmt.Fprintf(&c.text, `{"contact":{"external_id":%q},"body":%q}`, m.customer, m.body) // plain ASCII: quoted as in JSON
	c.out.Reset()
	c.out.WriteString("POST /in/" + string(inboxID(m.inbox)) + "/messages HTTP/1.1\r\nHost: " + c.address +
		"\r\nAuthorization: Bearer " + inboxToken + "\r\nContent-Type: application/json\r\nIdempotency-Key: " + m.key +
		"\r\nContent-Length: " + strconv.Itoa(c.text.Len()) + "\r\n\r\n")
	c.out.Write(c.text.Bytes())
	if _, err := c.conn.Write(c.out.Bytes()); err != nil {
		return ack{}, err
	}
	response, err := http.ReadResponse(c.in, nil)
	if err != nil {
		return ack{}, err
	}
	c.text.Reset()
	_, err = io.Copy(&c.text, response.Body)
	if err != nil {
		return ack{}, err
	}
	if response.StatusCode != http.StatusAccepted {
		return ack{}, fmt.Errorf("a message was answered with %s: %s", response.Status, c.text.Bytes())
	}
	a := ack{message: m}
	return a, json.Unmarshal(c.text.Bytes(), &a)
}
