//! Every device gets one certificate and loses no key, whatever breaks: the network, the platform, the disk, the run.

mod clock;
mod disk;
mod faults;
mod interrupts;
mod journal;
mod no_records;
mod pace;
mod slow;
mod waits;
