// Tells ThreadSanitizer of Abseil's mutexes: Debian's Abseil is not compiled for it, so it would see no order between the threads that
// take them. Linked in the preset tsan with --wrap for each function below.
#include <sanitizer/tsan_interface.h>

#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"

namespace {

// Between "pre" and "post" nothing is watched: a condition may be evaluated by the thread that gives the mutex back.
void Released(absl::Mutex* mutex) {
  __tsan_mutex_pre_unlock(mutex, 0);
  __tsan_mutex_post_unlock(mutex, 0);
}

}  // namespace

#define SIFA_WRAP(result, symbol, ...) \
  extern "C" result __real_##symbol(__VA_ARGS__); \
  extern "C" result __wrap_##symbol(__VA_ARGS__)

SIFA_WRAP(void, _ZN4absl7debian35Mutex4LockEv, absl::Mutex* mutex) {
  __tsan_mutex_pre_lock(mutex, 0);
  __real__ZN4absl7debian35Mutex4LockEv(mutex);
  __tsan_mutex_post_lock(mutex, 0, 0);
}

SIFA_WRAP(void, _ZN4absl7debian35Mutex6UnlockEv, absl::Mutex* mutex) {
  __tsan_mutex_pre_unlock(mutex, 0);
  __real__ZN4absl7debian35Mutex6UnlockEv(mutex);
  __tsan_mutex_post_unlock(mutex, 0);
}

SIFA_WRAP(void, _ZN4absl7debian35MutexD1Ev, absl::Mutex* mutex) {
  __real__ZN4absl7debian35MutexD1Ev(mutex);
  __tsan_mutex_destroy(mutex, 0);
}

SIFA_WRAP(void, _ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE, absl::Mutex* mutex, const absl::Condition& condition) {
  Released(mutex);
  __tsan_mutex_pre_lock(mutex, 0);
  __real__ZN4absl7debian35Mutex5AwaitERKNS0_9ConditionE(mutex, condition);
  __tsan_mutex_post_lock(mutex, 0, 0);
}

SIFA_WRAP(bool, _ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE, absl::Mutex* mutex,
          const absl::Condition& condition, absl::Duration timeout) {
  Released(mutex);
  __tsan_mutex_pre_lock(mutex, 0);
  const bool holds = __real__ZN4absl7debian35Mutex16AwaitWithTimeoutERKNS0_9ConditionENS0_8DurationE(mutex, condition, timeout);
  __tsan_mutex_post_lock(mutex, 0, 0);
  return holds;
}

SIFA_WRAP(void, _ZN4absl7debian37CondVar4WaitEPNS0_5MutexE, absl::CondVar* variable, absl::Mutex* mutex) {
  Released(mutex);
  __tsan_mutex_pre_lock(mutex, 0);
  __real__ZN4absl7debian37CondVar4WaitEPNS0_5MutexE(variable, mutex);
  __tsan_mutex_post_lock(mutex, 0, 0);
}

SIFA_WRAP(bool, _ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE, absl::CondVar* variable, absl::Mutex* mutex,
          absl::Duration timeout) {
  Released(mutex);
  __tsan_mutex_pre_lock(mutex, 0);
  const bool late = __real__ZN4absl7debian37CondVar15WaitWithTimeoutEPNS0_5MutexENS0_8DurationE(variable, mutex, timeout);
  __tsan_mutex_post_lock(mutex, 0, 0);
  return late;
}

SIFA_WRAP(bool, _ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE, absl::CondVar* variable, absl::Mutex* mutex,
          absl::Time deadline) {
  Released(mutex);
  __tsan_mutex_pre_lock(mutex, 0);
  const bool late = __real__ZN4absl7debian37CondVar16WaitWithDeadlineEPNS0_5MutexENS0_4TimeE(variable, mutex, deadline);
  __tsan_mutex_post_lock(mutex, 0, 0);
  return late;
}

SIFA_WRAP(void, _ZN4absl7debian312Notification6NotifyEv, absl::Notification* notification) {
  __tsan_release(notification);
  __real__ZN4absl7debian312Notification6NotifyEv(notification);
}

SIFA_WRAP(void, _ZNK4absl7debian312Notification19WaitForNotificationEv, const absl::Notification* notification) {
  __real__ZNK4absl7debian312Notification19WaitForNotificationEv(notification);
  __tsan_acquire(const_cast<absl::Notification*>(notification));
}

SIFA_WRAP(bool, _ZNK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE, const absl::Notification* notification,
          absl::Duration timeout) {
  const bool notified = __real__ZNK4absl7debian312Notification30WaitForNotificationWithTimeoutENS0_8DurationE(notification, timeout);
  __tsan_acquire(const_cast<absl::Notification*>(notification));
  return notified;
}
