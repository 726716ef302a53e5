// Package channel is the contract between Rapport and the ways customers reach
// it. An adapter is a package below this one; it registers itself in init:
//
//	func init() { channel.Register(info, open) }
//
// A configured inbox is one Adapter, opened with its decoded options and a Host:
//
//	provider or browser ──► http.Handler of the adapter ──► Host.Receive ──► rules
//	                                                 └────► Host.Report
//	agent's reply ──► job ──► Sender.Send of the adapter ──► provider
//
// What the host promises: Receive returns after the message is on disk; the
// same external id twice gives one message; Send is tried again, with the same
// Outbound.ID, as long as the error says that this helps. What an adapter
// promises is in channeltest, the suite that each of them passes: it checks
// who is calling before it parses, reads no more than it must, keeps no state
// that a restart would lose, and never touches the database.
//
// Capabilities are data (Caps): the composer, the suite and the docs read the
// same struct. What an adapter can do beyond Adapter it says by implementing
// http.Handler, Sender or Typer.
package channel
