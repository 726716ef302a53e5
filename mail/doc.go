// Package mail sends e-mail to agents by the SMTP server that an admin named:
// digests of unread notifications, and feedback.
//
// An e-mail is a row, written in the transaction that causes it, and a job that
// sends it. Only what certainly did not go out is tried again: a program or a
// line that breaks while the server has the message leaves it unsure, and it is
// not sent twice. What a digest told of stays in the desk's bell until it is
// read.
//
//	Enqueue(tx) ─► queued ─► sending ─┬─► sent
//	                 ▲                ├─► failed, for good
//	                 └── refused now ─┤
//	                                  └─► unsure
package mail
