# what: docs/testing.md with JUnit 5: a footbridge for the tests of a JVM, which ends with it
# lane: clients
# budget: 20
debian /usr/bin/javac default-jdk-headless
debian /usr/bin/mvn maven
maven_tools examples/testing/junit
debug_program
recipe junit mvn --offline --batch-mode -Dstyle.color=never "-Dmaven.repo.local=$MAVEN_REPOSITORY" test
