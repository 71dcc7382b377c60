#include "CSerial.h"
#include <asm/ioctls.h>
#include <linux/termios.h>
#include <linux/serial.h>
#include <string.h>

extern int ioctl(int descriptor, unsigned long request, ...);

const uint32_t attrace_size_mask = CSIZE, attrace_size_5 = CS5, attrace_size_6 = CS6, attrace_size_7 = CS7,
               attrace_size_8 = CS8;
const uint32_t attrace_two_stop_bits = CSTOPB, attrace_parity = PARENB, attrace_parity_odd = PARODD,
               attrace_parity_stick = CMSPAR;
const uint32_t attrace_hardware_flow = CRTSCTS, attrace_hang_up = HUPCL, attrace_software_flow = IXON | IXOFF;

int attrace_line_get(int descriptor, struct attrace_line *line) {
  struct termios2 state;
  if (ioctl(descriptor, TCGETS2, &state) < 0) return -1;
  line->input = state.c_iflag;
  line->output = state.c_oflag;
  line->control = state.c_cflag;
  line->local = state.c_lflag;
  line->input_rate = state.c_ispeed;
  line->output_rate = state.c_ospeed;
  return 0;
}

static const struct {
  uint32_t rate;
  tcflag_t code;
} rates[] = {{50, B50},           {75, B75},           {110, B110},         {134, B134},         {150, B150},
             {200, B200},         {300, B300},         {600, B600},         {1200, B1200},       {1800, B1800},
             {2400, B2400},       {4800, B4800},       {9600, B9600},       {19200, B19200},     {38400, B38400},
             {57600, B57600},     {115200, B115200},   {230400, B230400},   {460800, B460800},   {500000, B500000},
             {576000, B576000},   {921600, B921600},   {1000000, B1000000}, {1152000, B1152000}, {1500000, B1500000},
             {2000000, B2000000}, {2500000, B2500000}, {3000000, B3000000}, {3500000, B3500000}, {4000000, B4000000}};

/* Programs that ask glibc know the usual rates only: they are given by their code, others as a number. */
static tcflag_t code_of(uint32_t rate) {
  for (unsigned i = 0; i < sizeof rates / sizeof *rates; i++) {
    if (rates[i].rate == rate) return rates[i].code;
  }
  return BOTHER;
}

int attrace_line_set(int descriptor, const struct attrace_line *line) {
  struct termios2 state;
  if (ioctl(descriptor, TCGETS2, &state) < 0) return -1;
  state.c_iflag = line->input;
  state.c_oflag = line->output;
  state.c_lflag = line->local;
  tcflag_t code = code_of(line->output_rate);
  state.c_cflag = (line->control & ~(CBAUD | CIBAUD)) | code;
  /* No input code of its own: the input has the rate of the output. */
  if (line->input_rate != line->output_rate) state.c_cflag |= code_of(line->input_rate) << IBSHIFT;
  state.c_ispeed = line->input_rate;
  state.c_ospeed = line->output_rate;
  state.c_cc[VMIN] = 1;
  state.c_cc[VTIME] = 0;
  return ioctl(descriptor, TCSETS2, &state) < 0 ? -1 : 0;
}

int attrace_line_counts(int descriptor, struct attrace_line_counts *counts) {
  struct serial_icounter_struct state;
  memset(&state, 0, sizeof state);
  if (ioctl(descriptor, TIOCGICOUNT, &state) < 0) return -1;
  counts->frame = state.frame;
  counts->overrun = state.overrun;
  counts->parity = state.parity;
  counts->breaks = state.brk;
  counts->buffer_overrun = state.buf_overrun;
  return 0;
}

void attrace_line_make_raw(struct attrace_line *line, int marks) {
  line->input &= ~(uint32_t)(IGNBRK | BRKINT | IGNPAR | PARMRK | INPCK | ISTRIP | INLCR | IGNCR | ICRNL | IUCLC);
  if (marks) line->input |= PARMRK | INPCK;
  line->output &= ~(uint32_t)OPOST;
  line->local &= ~(uint32_t)(ISIG | ICANON | ECHO | ECHONL | IEXTEN);
  line->control |= CREAD | CLOCAL;
}

int attrace_modem_lines(int descriptor, int *lines) { return ioctl(descriptor, TIOCMGET, lines) < 0 ? -1 : 0; }

int attrace_set_dtr(int descriptor, int on) {
  int line = TIOCM_DTR;
  return ioctl(descriptor, on ? TIOCMBIS : TIOCMBIC, &line) < 0 ? -1 : 0;
}

int attrace_exclusive(int descriptor, int on) { return ioctl(descriptor, on ? TIOCEXCL : TIOCNXCL) < 0 ? -1 : 0; }
