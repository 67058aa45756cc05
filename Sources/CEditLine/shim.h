#ifndef TUNDISH_CEDITLINE_SHIM_H
#define TUNDISH_CEDITLINE_SHIM_H

#include <errno.h>
#include <histedit.h>
#include <stdio.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

typedef char *(*tundish_prompt_function)(EditLine *editor);
typedef unsigned char (*tundish_key_function)(EditLine *editor, int key);

/// `el_init` takes the standard streams, which are mutable C globals that Swift refuses.
static inline EditLine *tundish_el_open(const char *program) {
  return el_init(program, stdin, stdout, stderr);
}

/// Reads one key for libedit, with Ctrl-C as a key instead of a signal.
///
/// libedit's settings for line editing always switch signals on, and it makes them just before it
/// calls this; they are switched off here until it restores the terminal. While a query runs, the
/// terminal is in its normal state and Ctrl-C is a signal.
static inline int tundish_read_key(EditLine *editor, wchar_t *key) {
  struct termios state;
  if (tcgetattr(STDIN_FILENO, &state) == 0 && (state.c_lflag & ISIG)) {
    state.c_lflag &= ~(tcflag_t)ISIG;
    tcsetattr(STDIN_FILENO, TCSANOW, &state);
  }
  char bytes[8];
  size_t count = 0;
  while (count < sizeof bytes) {
    ssize_t got = read(STDIN_FILENO, bytes + count, 1);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return (int)got;
    count += 1;
    mbstate_t conversion;
    memset(&conversion, 0, sizeof conversion);
    size_t length = mbrtowc(key, bytes, count, &conversion);
    if (length == (size_t)-2) continue;
    if (length == (size_t)-1) *key = (unsigned char)bytes[0];
    return 1;
  }
  *key = L'?';
  return 1;
}

/// `el_set` is variadic, so Swift cannot call it.
///
/// Ctrl-C is bound to `interrupt`; see `tundish_read_key`.
static inline void tundish_el_configure(EditLine *editor, History *history_, void *context,
                                        tundish_prompt_function prompt,
                                        tundish_key_function complete,
                                        tundish_key_function interrupt) {
  HistEvent event;
  history(history_, &event, H_SETSIZE, 10000);
  history(history_, &event, H_SETUNIQUE, 1);
  el_set(editor, EL_CLIENTDATA, context);
  el_set(editor, EL_PROMPT, prompt);
  el_set(editor, EL_EDITOR, "emacs");
  el_set(editor, EL_SIGNAL, 0);
  el_set(editor, EL_GETCFN, tundish_read_key);
  el_set(editor, EL_HIST, history, history_);
  el_set(editor, EL_ADDFN, "tundish-complete", "complete a name", complete);
  el_set(editor, EL_ADDFN, "tundish-interrupt", "drop the statement", interrupt);
  el_set(editor, EL_BIND, "^I", "tundish-complete", NULL);
  el_set(editor, EL_BIND, "^C", "tundish-interrupt", NULL);
  el_set(editor, EL_BIND, "^R", "em-inc-search-prev", NULL);
}

/// Reads back the pointer that `tundish_el_configure` was given.
static inline void *tundish_el_context(EditLine *editor) {
  void *context = NULL;
  el_get(editor, EL_CLIENTDATA, &context);
  return context;
}

/// `history` is variadic, so Swift cannot call it.
static inline int tundish_history_load(History *history_, const char *path) {
  HistEvent event;
  return history(history_, &event, H_LOAD, path);
}

/// `history` is variadic, so Swift cannot call it.
static inline void tundish_history_save(History *history_, const char *path) {
  HistEvent event;
  history(history_, &event, H_SAVE, path);
}

/// `history` is variadic, so Swift cannot call it.
static inline void tundish_history_enter(History *history_, const char *entry) {
  HistEvent event;
  history(history_, &event, H_ENTER, entry);
}

#endif
