// libsystemd's socket hand-over, readiness and journal calls, as Swift sees them.
#pragma once

#include <sys/uio.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>
