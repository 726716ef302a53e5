package channel

import (
	"errors"
	"fmt"
	"time"
)

// Class says what to do after a failed Send.
type Class string

const (
	ClassTemporary    Class = "temporary"    // try again later
	ClassPermanent    Class = "permanent"    // this message will never go; say why
	ClassUnauthorized Class = "unauthorized" // our credentials are refused: an admin must act, then try again
	ClassUnknown      Class = "unknown"      // it may have happened: do not send again
)

// Failure is the error of Send.
type Failure struct {
	Class   Class
	Wait    time.Duration // the provider asks to wait this long; 0 if it does not say
	Message string        // one sentence for the agent
	Cause   error         // for the operator
}

func (f *Failure) Error() string {
	if f.Cause != nil {
		return f.Message + ": " + f.Cause.Error()
	}
	return f.Message
}

func (f *Failure) Unwrap() error { return f.Cause }

// Temporary is a failure that passes by itself: no connection, an overload.
func Temporary(cause error, format string, args ...any) error {
	return &Failure{Class: ClassTemporary, Message: fmt.Sprintf(format, args...), Cause: cause}
}

// RetryAfter is a temporary failure of a provider that says when to come back.
func RetryAfter(wait time.Duration, format string, args ...any) error {
	return &Failure{Class: ClassTemporary, Wait: wait, Message: fmt.Sprintf(format, args...)}
}

// Permanent is a refusal of this very message.
func Permanent(cause error, format string, args ...any) error {
	return &Failure{Class: ClassPermanent, Message: fmt.Sprintf(format, args...), Cause: cause}
}

// Unauthorized is a refusal of ours.
func Unauthorized(cause error, format string, args ...any) error {
	return &Failure{Class: ClassUnauthorized, Message: fmt.Sprintf(format, args...), Cause: cause}
}

// Unknown is a failure after which the message may have been sent.
func Unknown(cause error, format string, args ...any) error {
	return &Failure{Class: ClassUnknown, Message: fmt.Sprintf(format, args...), Cause: cause}
}

// FailureOf returns the failure in an error. Nobody guesses: an error without
// one counts as unknown.
func FailureOf(err error) *Failure {
	if f, ok := errors.AsType[*Failure](err); ok {
		return f
	}
	return &Failure{Class: ClassUnknown, Message: "It is not known whether the message was sent.", Cause: err}
}
