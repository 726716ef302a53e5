package scenario

import (
	"slices"
	"strings"
	"time"

	"rapport"
	"rapport/conversation"
	"rapport/presence"
	"rapport/routing"
	"rapport/store"
)

// length reads "2 days".
func (w *world) length(words []string) time.Duration {
	w.t.Helper()
	units := map[string]time.Duration{"second": time.Second, "minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}
	d, ok := units[strings.TrimSuffix(words[1], "s")]
	if !ok {
		w.fail("how long? %q", words[1])
	}
	return time.Duration(*number(words[0])) * d
}

// wait lets time pass, from each moment at which something happens by itself to
// the next. Desks that are connected stay so, but for those of the agents named.
func (w *world) wait(words []string) {
	w.t.Helper()
	end := w.now.Add(w.length(words))
	names, idle := words[2:], slices.Contains(words, "idle")
	for w.now.Before(end) {
		next := end
		w.must(func(tx *store.Tx) error {
			config, err := tx.Configuration()
			if err != nil {
				return err
			}
			due, err := tx.NextTimer()
			if err != nil {
				return err
			}
			left, err := tx.NextLeft()
			if err != nil {
				return err
			}
			if !left.IsZero() {
				left = left.Add(time.Duration(config.Settings.OfflineGraceSeconds) * time.Second)
			}
			moments := []time.Time{due, left}
			agents, err := tx.Agents()
			for _, a := range agents {
				if a.Connected && slices.Contains(names, a.Name) && !idle {
					moments = append(moments, a.SeenAt.Add(presence.Timeout+time.Millisecond))
				}
			}
			for _, m := range moments {
				if m.After(w.now) && m.Before(next) {
					next = m
				}
			}
			return err
		})
		w.now = next
		w.sweep(names, idle)
	}
}

// down stops the program, lets time pass and starts it again: nothing happens
// meanwhile, and all desks come back with it.
func (w *world) down(words []string) {
	w.t.Helper()
	w.db.Close()
	w.now = w.now.Add(w.length(words))
	w.up = w.now
	w.open()
	w.sweep(words[2:], false)
}

// sweep does what the program does again and again.
func (w *world) sweep(names []string, idle bool) {
	w.t.Helper()
	w.must(func(tx *store.Tx) error {
		config, err := tx.Configuration()
		if err != nil {
			return err
		}
		agents, err := tx.Agents()
		if err != nil {
			return err
		}
		var here, busy []rapport.AgentID
		for _, a := range agents {
			named := slices.Contains(names, a.Name)
			if a.Connected && (!named || idle) {
				here = append(here, a.ID)
			}
			if a.Connected && !named {
				busy = append(busy, a.ID)
			}
		}
		if err := tx.AgentsSeen(here); err != nil {
			return err
		}
		if err := routing.Active(tx, busy); err != nil {
			return err
		}
		if err := presence.Idle(tx, config.Settings); err != nil {
			return err
		}
		if w.now.Sub(w.up) < presence.Timeout {
			return nil
		}
		_, err = presence.Sweep(tx, tx.Now().Add(-presence.Timeout))
		return err
	})
	w.must(conversation.ReturnTransfers)
	if err := conversation.FireDue(w.t.Context(), w.db); err != nil {
		w.fail("%v", err)
	}
	if w.now.Sub(w.up) >= presence.Timeout {
		if err := conversation.Left(w.t.Context(), w.db); err != nil {
			w.fail("%v", err)
		}
	}
	if err := routing.Sweep(w.t.Context(), w.db); err != nil {
		w.fail("%v", err)
	}
}

// retime does at once what a job does soon.
func (w *world) retime() {
	w.t.Helper()
	if err := routing.RetimeNow(w.t.Context(), w.db, store.Timed{}); err != nil {
		w.fail("%v", err)
	}
}

// silence: live, messaging, close 15, warn 3; without one of them nothing is closed.
func silence(words []string) rapport.Silence {
	never := 0
	s := rapport.Silence{Conduct: rapport.Messaging, CloseMinutes: &never}
	if slices.Contains(words, "live") || slices.Contains(words, "messaging") {
		s.CloseMinutes = nil
	}
	if slices.Contains(words, "live") {
		s.Conduct = rapport.Live
	}
	if n, ok := option(words, "close"); ok {
		s.CloseMinutes = number(n)
	}
	if n, ok := option(words, "warn"); ok {
		s.WarnMinutes = number(n)
	}
	return s
}

// setReplyTimer: reply-timer 15 or off, hops 3, then notify, every-message on,
// in-hours on, last-queue night.
func (w *world) setReplyTimer(r *rapport.ReplyTimer, words []string) {
	if v, ok := option(words, "reply-timer"); ok {
		if r.Enabled = v != "off"; r.Enabled {
			r.Minutes = *number(v)
		}
	}
	if v, ok := option(words, "hops"); ok {
		r.Hops = *number(v)
	}
	if v, ok := option(words, "then"); ok {
		r.Then = rapport.ReplyAction(v)
	}
	if v, ok := option(words, "every-message"); ok {
		r.EveryMessage = v == "on"
	}
	if v, ok := option(words, "in-hours"); ok {
		r.BusinessHours = v == "on"
	}
	if v, ok := option(words, "last-queue"); ok {
		r.FallbackQueue = w.queue(v)
	}
}

// setQueueRules: the words of a reply timer; max-wait 30, fallback night,
// hours Europe/Berlin "Mon-Fri 09:00-17:00, Sat 10:00-12:00" or hours off,
// holiday 2026-12-25, closed-reply "…", closed-queue night.
func (w *world) setQueueRules(q *rapport.Queue, words []string) {
	w.t.Helper()
	if slices.Contains(words, "reply-timer") {
		r := rapport.DefaultReplyTimer()
		w.setReplyTimer(&r, words)
		q.ReplyTimer = &r
	}
	if v, ok := option(words, "max-wait"); ok {
		q.MaxWaitMinutes = *number(v)
	}
	if v, ok := option(words, "fallback"); ok {
		q.FallbackQueue = w.queue(v)
	}
	if zone, ok := option(words, "hours"); ok {
		q.Hours = nil
		if zone != "off" {
			q.Hours = &rapport.Hours{Zone: zone, Blocks: w.blocks(words[slices.Index(words, "hours")+2])}
		}
	}
	if q.Hours == nil {
		return
	}
	if v, ok := option(words, "holiday"); ok {
		q.Hours.Holidays = append(q.Hours.Holidays, rapport.Holiday{Date: v})
	}
	if v, ok := option(words, "closed-reply"); ok {
		q.Hours.Reply = v
	}
	if v, ok := option(words, "closed-queue"); ok {
		q.Hours.FallbackQueue = w.queue(v)
	}
}

// blocks reads "Mon-Fri 09:00-17:00, Sat 10:00-12:00".
func (w *world) blocks(text string) (blocks []rapport.Block) {
	w.t.Helper()
	days := []string{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}
	for part := range strings.SplitSeq(text, ",") {
		day, hours, _ := strings.Cut(strings.TrimSpace(part), " ")
		first, last, several := strings.Cut(day, "-")
		if !several {
			last = first
		}
		from, to, _ := strings.Cut(hours, "-")
		begin, end := slices.Index(days, first), slices.Index(days, last)
		if begin < 0 || end < begin {
			w.fail("which days are %q?", day)
		}
		for d := begin; d <= end; d++ {
			blocks = append(blocks, rapport.Block{Day: d, From: from, To: to})
		}
	}
	return blocks
}

// setBot: bot bea timeout 30 apology "Sorry" handoff billing; bot bea off.
func (w *world) setBot(name string, words []string) {
	w.t.Helper()
	b := rapport.Bot{ID: w.bots[name], Kind: "webhook", Name: name, Enabled: !slices.Contains(words, "off"), BotRules: rapport.BotRules{TimeoutSeconds: 30}}
	if b.ID == "" {
		b.ID = rapport.NewID[rapport.BotID]()
		w.bots[name] = b.ID
	}
	if n, ok := option(words, "timeout"); ok {
		b.TimeoutSeconds = *number(n)
	}
	b.Apology, _ = option(words, "apology")
	if q, ok := option(words, "handoff"); ok {
		b.HandoffQueue = w.queue(q)
	}
	w.must(func(tx *store.Tx) error {
		b.CreatedAt = tx.Now()
		return tx.SaveBot(b, nil)
	})
	w.retime()
}
