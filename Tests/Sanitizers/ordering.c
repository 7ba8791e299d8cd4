// Tells the thread sanitizer of two orders that it can't see, because they are made inside Swift's libraries, which
// aren't built for it. scripts/sanitize loads this in front of the tests and of the programs that they start. It
// suppresses nothing: an access that neither a lock nor a continuation orders is reported as ever.
//
// A contended Mutex. Locking and unlocking without contention are inlined into our code and seen; with contention they
// are calls into libswiftSynchronization, and the kernel writes the lock's word.
//
// A continuation resumed before its task awaits it. libswift_Concurrency reports the release (to the task, in
// swift_continuation_resume), but the acquire only where a task had been suspended and is run anew. A task that finds
// its continuation resumed just goes on; the first thing that its code calls then is swift_task_dealloc, to free the
// frame of what it awaited. Whatever was released to a task happened before that, as no code runs between the start
// of a continuation and the wait for it except the closure that hands it out, and that awaits nothing.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context))
#define LOCK_SLOW "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK_SLOW "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"

// Weak: the tests start programs of others, too, where none of these exist.
__attribute__((weak)) void __tsan_acquire(void *);
__attribute__((weak)) void __tsan_release(void *);
__attribute__((weak)) SWIFT void *swift_task_getCurrent(void);

SWIFT void lock_slow(uint32_t thread, SELF void *mutex) __asm__(LOCK_SLOW);
SWIFT void unlock_slow(SELF void *mutex) __asm__(UNLOCK_SLOW);
SWIFT void swift_task_dealloc(void *frame);

static SWIFT void (*next_lock_slow)(uint32_t, SELF void *);
static SWIFT void (*next_unlock_slow)(SELF void *);
static SWIFT void (*next_task_dealloc)(void *);

__attribute__((constructor)) static void find_next(void) {
  next_lock_slow = dlsym(RTLD_NEXT, LOCK_SLOW);
  next_unlock_slow = dlsym(RTLD_NEXT, UNLOCK_SLOW);
  next_task_dealloc = dlsym(RTLD_NEXT, "swift_task_dealloc");
}

SWIFT void lock_slow(uint32_t thread, SELF void *mutex) {
  next_lock_slow(thread, mutex);
  if (__tsan_acquire) __tsan_acquire(mutex);
}

SWIFT void unlock_slow(SELF void *mutex) {
  if (__tsan_release) __tsan_release(mutex);
  next_unlock_slow(mutex);
}

SWIFT void swift_task_dealloc(void *frame) {
  if (__tsan_acquire) __tsan_acquire(swift_task_getCurrent());
  next_task_dealloc(frame);
}
