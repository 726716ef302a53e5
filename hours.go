package rapport

// Hours are the business hours of a queue.
type Hours struct {
	Zone     string    `json:"zone" doc:"IANA time zone, e.g. Europe/Berlin."`
	Blocks   []Block   `json:"blocks" doc:"Several a day are allowed; none closes the day."`
	Holidays []Holiday `json:"holidays"`

	Reply         string  `json:"reply" doc:"Sent to customers who write outside the hours; empty sends nothing."`
	FallbackQueue QueueID `json:"fallback_queue,omitempty" doc:"Takes new conversations outside the hours; empty lets them wait."`
}

// Block is a time of a weekday, from inclusive, to exclusive.
type Block struct {
	Day  int    `json:"day" minimum:"0" maximum:"6" doc:"0 is Sunday, as in Go and JavaScript."`
	From string `json:"from" doc:"HH:MM"`
	To   string `json:"to" doc:"HH:MM; 24:00 is the end of the day."`
}

// Holiday closes one day.
type Holiday struct {
	Date string `json:"date" doc:"YYYY-MM-DD"`
	Name string `json:"name"`
}
