// Each test starts a host and its workers: more of them at once would measure the machine.
[assembly: CollectionBehavior(MaxParallelThreads = 2)]
