package handoff

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// Class says what to do after a failed turn.
type Class string

const (
	ClassTemporary    Class = "temporary"    // ask again, if there is time
	ClassPermanent    Class = "permanent"    // this turn will never work: humans take over
	ClassUnauthorized Class = "unauthorized" // our credentials are refused: humans take over, an admin must act
)

// Failure is the error of a bot.
type Failure struct {
	Class   Class
	Wait    time.Duration // the bot asks to wait this long; 0 if it does not say
	Message string        // one sentence for people
	Cause   error         // for the operator
}

func (f *Failure) Error() string {
	if f.Cause != nil {
		return f.Message + ": " + f.Cause.Error()
	}
	return f.Message
}

func (f *Failure) Unwrap() error { return f.Cause }

// Temporary is a failure that passes by itself: no connection, an overload, a
// doubtful outcome; a turn can be asked again without harm.
func Temporary(cause error, format string, args ...any) error {
	return &Failure{Class: ClassTemporary, Message: fmt.Sprintf(format, args...), Cause: cause}
}

// RetryAfter is a temporary failure of a bot that says when to come back.
func RetryAfter(wait time.Duration, format string, args ...any) error {
	return &Failure{Class: ClassTemporary, Wait: wait, Message: fmt.Sprintf(format, args...)}
}

// Permanent is a refusal of this very turn, or an answer that makes no sense.
func Permanent(cause error, format string, args ...any) error {
	return &Failure{Class: ClassPermanent, Message: fmt.Sprintf(format, args...), Cause: cause}
}

// Unauthorized is a refusal of ours.
func Unauthorized(cause error, format string, args ...any) error {
	return &Failure{Class: ClassUnauthorized, Message: fmt.Sprintf(format, args...), Cause: cause}
}

// FailureOf returns the failure in an error. Nobody guesses: an error without
// one counts as temporary, since asking again does no harm.
func FailureOf(err error) *Failure {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	message := "The bot could not be asked."
	if errors.Is(err, context.DeadlineExceeded) {
		message = "The bot did not answer in time."
	}
	return &Failure{Class: ClassTemporary, Message: message, Cause: err}
}
