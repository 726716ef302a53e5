package gateway

import (
	"context"
	"sync"
	"time"

	"rapport/conversation"
)

// Typing shows for six seconds unless it is said again, and a text that grows
// is not worth more frames than people can read.
const (
	typeEvery = 4 * time.Second
	textEvery = 400 * time.Millisecond
)

// typing shows that a bot is writing, until stop.
type typing struct {
	show func(text string, on bool)
	end  chan struct{}
	done sync.WaitGroup

	mu   sync.Mutex
	text string
	last time.Time // when the text was shown
}

func (g *Gateway) types(ctx context.Context, asked *conversation.Asked) *typing {
	t := &typing{end: make(chan struct{}), show: func(text string, on bool) {
		if g.BotTypes == nil {
			return
		}
		if err := g.BotTypes(context.WithoutCancel(ctx), asked.Conversation.ID, asked.Bot, text, on); err != nil {
			g.Log.Debug("cannot show that a bot is writing", "conversation", asked.Conversation.ID, "error", err)
		}
	}}
	t.show("", true)
	t.done.Go(func() {
		ticker := time.NewTicker(typeEvery)
		defer ticker.Stop()
		for {
			select {
			case <-t.end:
				return
			case <-ticker.C:
			}
			t.mu.Lock()
			text := t.text
			t.mu.Unlock()
			t.show(text, true)
		}
	})
	return t
}

// hear takes the text so far.
func (t *typing) hear(text string) {
	t.mu.Lock()
	t.text = text
	show := time.Since(t.last) >= textEvery
	if show {
		t.last = time.Now()
	}
	t.mu.Unlock()
	if show {
		t.show(text, true)
	}
}

func (t *typing) stop() {
	close(t.end)
	t.done.Wait()
	t.show("", false)
}
