import NIOCore

/// The two clocks of an association: ARTIM (PS3.8 §9.1.5), and the one for silent peers.
struct AssociationTimers {
  private var artim: Scheduled<Void>?
  private var idle: Scheduled<Void>?

  mutating func startARTIM(
    _ time: TimeAmount, on context: ChannelHandlerContext?, _ expired: @escaping () -> Void
  ) {
    artim?.cancel()
    artim = context?.eventLoop.assumeIsolated().scheduleTask(in: time, expired)
  }

  mutating func stopARTIM() {
    artim?.cancel()
    artim = nil
  }

  mutating func startIdle(
    after time: TimeAmount, on context: ChannelHandlerContext?, _ expired: @escaping () -> Void
  ) {
    idle?.cancel()
    idle = context?.eventLoop.assumeIsolated().scheduleTask(in: time, expired)
  }

  mutating func stopIdle() {
    idle?.cancel()
    idle = nil
  }

  mutating func cancelAll() {
    stopARTIM()
    stopIdle()
  }
}
