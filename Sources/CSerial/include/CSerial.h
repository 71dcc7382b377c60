#ifndef ATTRACE_SERIAL_H
#define ATTRACE_SERIAL_H
#include <stdint.h>

/* What of a serial port cannot be reached through glibc: any line rate (termios2), and the driver's line counters. The
   kernel's header and <termios.h> exclude each other, so this stands in a file of its own. */

struct attrace_line {
  uint32_t input, output, control, local;
  uint32_t input_rate, output_rate;
};

struct attrace_line_counts {
  int32_t frame, overrun, parity, breaks, buffer_overrun;
};

/* The bits of `struct attrace_line` that are asked for by name. */
extern const uint32_t attrace_size_mask, attrace_size_5, attrace_size_6, attrace_size_7, attrace_size_8;
extern const uint32_t attrace_two_stop_bits, attrace_parity, attrace_parity_odd, attrace_parity_stick;
extern const uint32_t attrace_hardware_flow, attrace_hang_up, attrace_software_flow;

/* All give 0, or -1 with errno. */
int attrace_line_get(int descriptor, struct attrace_line *line);
int attrace_line_set(int descriptor, const struct attrace_line *line);
int attrace_line_counts(int descriptor, struct attrace_line_counts *counts);

/* Makes a line pass every byte as it is. `marks`: damaged bytes and breaks are marked by FF 00, FF itself is doubled. */
void attrace_line_make_raw(struct attrace_line *line, int marks);

/* Modem lines, as TIOCM_ bits. */
int attrace_modem_lines(int descriptor, int *lines);
int attrace_set_dtr(int descriptor, int on);
int attrace_exclusive(int descriptor, int on);
#endif
