# what: the rounds of the Java SDKs fail on a build with one planted wrong answer
# lane: clients
# budget: 20
debian /usr/bin/javac default-jdk-headless
debian /usr/bin/mvn maven
java_tools
debug_program
java_classes
client planted.py --only java.py --classpath "$JAVA_CLASSPATH"
