package openai

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"rapport"
	"rapport/handoff"
)

// words are what a model said, and the tools it wants to use.
type words struct {
	text  string
	calls []call
}

// chunk is one event of the stream, or the whole answer of a server that does
// not stream.
type chunk struct {
	Choices []struct {
		Delta        delta  `json:"delta"`
		Message      delta  `json:"message"`
		FinishReason string `json:"finish_reason"`
	} `json:"choices"`
	Error json.RawMessage `json:"error"`
}

type delta struct {
	Content   string `json:"content"`
	ToolCalls []struct {
		Index    int    `json:"index"`
		ID       string `json:"id"`
		Function struct {
			Name      string `json:"name"`
			Arguments string `json:"arguments"`
		} `json:"function"`
	} `json:"tool_calls"`
}

const (
	mostLine   = 256 << 10 // bytes of one event
	mostStream = 1 << 20   // of all of them
	mostCalls  = 16
)

// stream reads an answer in server-sent events (WHATWG HTML §9.2) that ends
// with [DONE]. One that breaks off before is a temporary failure: half an
// answer is none.
func stream(r io.Reader, hear func(string)) (words, error) {
	var got words
	scanner := bufio.NewScanner(io.LimitReader(r, mostStream+1))
	scanner.Buffer(make([]byte, 0, 4096), mostLine)
	finished, read := false, 0
	for scanner.Scan() {
		line := bytes.TrimSuffix(scanner.Bytes(), []byte("\r"))
		if read += len(line) + 1; read > mostStream {
			return got, handoff.Permanent(nil, "The model's answer is longer than %d bytes.", mostStream)
		}
		data, is := bytes.CutPrefix(line, []byte("data:"))
		if !is {
			continue // a comment, another field, or the end of an event
		}
		data = bytes.TrimSpace(data)
		if len(data) == 0 {
			continue
		}
		if string(data) == "[DONE]" {
			return got, nil
		}
		var c chunk
		if err := json.Unmarshal(data, &c); err != nil {
			return got, handoff.Temporary(err, "The model's stream makes no sense.")
		}
		if len(c.Error) > 0 && string(c.Error) != "null" {
			return got, handoff.Temporary(errors.New(rapport.Preview(string(c.Error))), "The model failed while it was answering.")
		}
		if len(c.Choices) == 0 {
			continue // usage, and what else there may be
		}
		more, err := got.add(c.Choices[0].Delta)
		if err != nil {
			return got, err
		}
		if more && hear != nil {
			hear(got.text)
		}
		finished = finished || c.Choices[0].FinishReason != ""
	}
	if err := scanner.Err(); err != nil {
		return got, handoff.Temporary(err, "The model's answer broke off.")
	}
	if !finished {
		return got, handoff.Temporary(nil, "The model's answer broke off.")
	}
	return got, nil
}

// whole reads an answer that came in one piece.
func whole(r io.Reader) (words, error) {
	var got words
	text, err := io.ReadAll(io.LimitReader(r, mostStream+1))
	if err != nil {
		return got, handoff.Temporary(err, "The model's answer broke off.")
	}
	if len(text) > mostStream {
		return got, handoff.Permanent(nil, "The model's answer is longer than %d bytes.", mostStream)
	}
	var c chunk
	if err := json.Unmarshal(text, &c); err != nil || len(c.Choices) == 0 {
		return got, handoff.Permanent(err, "The model's answer is not one of a chat.")
	}
	for i := range c.Choices[0].Message.ToolCalls {
		c.Choices[0].Message.ToolCalls[i].Index = i
	}
	_, err = got.add(c.Choices[0].Message)
	return got, err
}

// add lays a piece onto what is there; it reports whether there is more text.
func (w *words) add(d delta) (more bool, err error) {
	if len(w.text)+len(d.Content) > rapport.MaxBody {
		return false, handoff.Permanent(nil, "The model's answer is longer than %d bytes.", rapport.MaxBody)
	}
	w.text += d.Content
	for _, piece := range d.ToolCalls {
		if piece.Index < 0 || piece.Index >= mostCalls || piece.Index > len(w.calls) {
			return false, handoff.Permanent(nil, "The model wants to use too many tools.")
		}
		if piece.Index == len(w.calls) {
			w.calls = append(w.calls, call{Type: "function"})
		}
		c := &w.calls[piece.Index]
		if c.ID == "" {
			c.ID = piece.ID
		}
		c.Function.Name += piece.Function.Name
		c.Function.Arguments += piece.Function.Arguments
		if len(c.Function.Name) > 100 || len(c.Function.Arguments) > rapport.MaxBody {
			return false, handoff.Permanent(nil, "The model uses a tool with too many words.")
		}
	}
	return d.Content != "", nil
}
