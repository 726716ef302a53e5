package channel

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// A bell coalesces what nobody waited for and loses nothing.
func TestBell(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		closed := 0
		b := NewBell(func() { closed++ })
		for seq := range int64(1000) {
			b.Ring(7 + seq)
		}
		b.Type(Typing{Name: "Ana", On: true})
		b.Type(Typing{Name: "Ana"})
		news, err := b.Next(t.Context())
		if err != nil || !news.Changed || news.Since != 7 || news.Typing == nil || news.Typing.On {
			t.Fatalf("first news %+v, %v; want a change since 7 and that typing ceased", news, err)
		}
		go func() {
			time.Sleep(time.Second)
			b.Ring(2000)
		}()
		if news, err := b.Next(t.Context()); err != nil || !news.Changed || news.Since != 2000 || news.Typing != nil {
			t.Fatalf("second news %+v, %v; want a change since 2000 alone", news, err)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := b.Next(ctx); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("waiting in vain ended with %v", err)
		}
		go b.Close()
		for range 2 {
			if _, err := b.Next(t.Context()); !errors.Is(err, ErrWatchClosed) {
				t.Fatalf("after Close: %v; want ErrWatchClosed", err)
			}
		}
		b.Close()
		b.Ring(3000)
		synctest.Wait()
		if closed != 1 {
			t.Errorf("onClose was called %d times; want once", closed)
		}
	})
}
