package ratelimit

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestAllow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := New[string](time.Second, 3, 10)
		for range 3 {
			if _, ok := l.Allow("ana"); !ok {
				t.Fatal("refused within the burst")
			}
		}
		wait, ok := l.Allow("ana")
		if ok || wait != time.Second {
			t.Fatalf("beyond the burst: %v, wait %v; want a refusal and 1s", ok, wait)
		}
		if _, ok := l.Allow("ben"); !ok {
			t.Error("one caller's limit hit another")
		}
		time.Sleep(time.Second)
		if _, ok := l.Allow("ana"); !ok {
			t.Error("refused after the announced wait")
		}
		if _, ok := l.Allow("ana"); ok {
			t.Error("a refusal gave a token back twice")
		}
	})
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		l := New[int](time.Second, 2, 100)
		for key := range 100 {
			l.Allow(key)
			l.Allow(key)
		}
		l.Allow(0) // used again: not the oldest any more
		for key := range 50 {
			l.Allow(1000 + key)
		}
		if l.Len() != 100 {
			t.Fatalf("%d keys are remembered; want 100", l.Len())
		}
		if _, ok := l.Allow(0); ok {
			t.Error("the latest used key was forgotten before older ones")
		}
		time.Sleep(time.Minute)
		l.Allow(7)
		if l.Len() != 1 {
			t.Errorf("%d keys are remembered after all have filled up again; want 1", l.Len())
		}
	})
}
