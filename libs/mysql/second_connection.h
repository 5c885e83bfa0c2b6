// Inside a transaction a thread gets no second connection of the pool, but INTERNAL: threads that each hold one and wait for
// another starve one another. What one thread alone does may say that it needs two.
#pragma once

namespace sifa::mysql {

// While it lives, this thread may.
class SecondConnection {
 public:
  SecondConnection();
  ~SecondConnection();
  SecondConnection(const SecondConnection&) = delete;
  SecondConnection& operator=(const SecondConnection&) = delete;

 private:
  const void* before_;
};

}  // namespace sifa::mysql
