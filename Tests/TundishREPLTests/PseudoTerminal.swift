import Glibc
import TundishTestSupport

/// The program `tundish` running on a pseudo-terminal, with a person's keys as input.
final class PseudoTerminal {
  private let master: Int32
  private let child: pid_t
  /// Everything that the program has printed so far.
  private(set) var screen = ""
  /// The bytes of `screen` up to the end of what the last wait found.
  private var foundByteCount = 0

  /// `TIOCSPTLCK`, `TIOCGPTN` and `POSIX_SPAWN_SETSID` of the Linux headers.
  private static let unlockRequest: UInt = 0x4004_5431
  private static let numberRequest: UInt = 0x8004_5430
  private static let startsSession: Int16 = 0x80

  /// The program beside the running tests.
  static let program: String = {
    var path = [CChar](repeating: 0, count: 4_096)
    let count = unsafe readlink("/proc/self/exe", &path, path.count - 1)
    let text = String(
      decoding: path.prefix(max(0, count)).map { UInt8(bitPattern: $0) },
      as: UTF8.self
    )
    return text.split(separator: "/", omittingEmptySubsequences: false).dropLast()
      .joined(separator: "/") + "/tundish"
  }()

  /// Starts the program in a window of 100 columns; nil if no terminal is to be had.
  init?(_ arguments: [String] = [], home: String) {
    master = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY)
    // The C library's own calls for this are hidden from Swift: unlock the other end, ask its name.
    var lock: Int32 = 0
    var number: UInt32 = 0
    guard master >= 0, unsafe ioctl(master, Self.unlockRequest, &lock) == 0,
      unsafe ioctl(master, Self.numberRequest, &number) == 0
    else { return nil }
    let name = "/dev/pts/\(number)"
    var size = winsize(ws_row: 40, ws_col: 100, ws_xpixel: 0, ws_ypixel: 0)
    _ = unsafe ioctl(master, UInt(TIOCSWINSZ), &size)
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    // The child leads a session, so the terminal that it opens first is its own.
    unsafe posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, 0, 1)
    unsafe posix_spawn_file_actions_adddup2(&actions, 0, 2)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    unsafe posix_spawnattr_setflags(&attributes, Self.startsSession)
    defer {
      unsafe posix_spawn_file_actions_destroy(&actions)
      unsafe posix_spawnattr_destroy(&attributes)
    }
    let environment = ["HOME=\(home)", "TERM=xterm", "LANG=C.UTF-8", "PATH=/usr/bin:/bin"]
    let words = CStrings([Self.program] + arguments)
    let variables = CStrings(environment)
    var identifier = pid_t()
    guard
      unsafe posix_spawn(
        &identifier,
        Self.program,
        &actions,
        &attributes,
        words.pointers,
        variables.pointers
      ) == 0
    else { return nil }
    child = identifier
  }

  deinit {
    kill(child, SIGKILL)
    close(master)
  }

  /// Types keys.
  func type(_ keys: String) {
    let bytes = Array(keys.utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe write(master, $0.baseAddress, $0.count) }
  }

  /// Reads until a text appears behind what earlier waits found; false after `seconds`.
  func waitFor(_ text: String, seconds: Int = 20) -> Bool {
    let wanted = Array(text.utf8)
    return waitFor(seconds: seconds) {
      let bytes = Array(self.screen.utf8)
      var start = self.foundByteCount
      while start + wanted.count <= bytes.count {
        if bytes[start..<start + wanted.count].elementsEqual(wanted) {
          self.foundByteCount = start + wanted.count
          return true
        }
        start += 1
      }
      return false
    }
  }

  /// Gives the program time to reach its line-editing state, in which Ctrl-C is a key.
  func settle() {
    _ = waitFor(seconds: 3) { self.keysAreSignals == false }
  }

  /// Reads until the program works on a statement; Ctrl-C is a signal then.
  func waitForWork(seconds: Int = 60) -> Bool {
    waitFor(seconds: seconds) { self.keysAreSignals == true }
  }

  private var keysAreSignals: Bool? {
    var state = termios()
    guard unsafe tcgetattr(master, &state) == 0 else { return nil }
    return state.c_lflag & tcflag_t(ISIG) != 0
  }

  /// Reads until the program ends; its exit code, or nil after `seconds`.
  func waitForExit(seconds: Int = 20) -> Int32? {
    var status: Int32 = 0
    let hasEnded = waitFor(seconds: seconds) {
      unsafe waitpid(self.child, &status, WNOHANG) == self.child
    }
    return hasEnded ? (status >> 8) & 0xFF : nil
  }

  private func waitFor(seconds: Int, _ condition: () -> Bool) -> Bool {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while ContinuousClock.now < deadline {
      if condition() { return true }
      var descriptor = pollfd(fd: master, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&descriptor, 1, 50) > 0 else { continue }
      var chunk = [UInt8](repeating: 0, count: 65_536)
      let count = unsafe chunk.withUnsafeMutableBytes {
        unsafe read(master, $0.baseAddress, $0.count)
      }
      if count > 0 { screen += String(decoding: chunk[..<count], as: UTF8.self) }
    }
    return condition()
  }
}

/// A NULL-terminated array of C strings, freed with the object.
@safe private final class CStrings {
  private(set) var pointers: [UnsafeMutablePointer<CChar>?]

  init(_ texts: [String]) {
    unsafe pointers = texts.map { unsafe strdup($0) } + [nil]
  }

  deinit {
    for index in unsafe pointers.indices { unsafe free(pointers[index]) }
  }
}
