# what: S3 with the Java SDK v2 (sync, async, CRT, transfer manager) and v1
# lane: clients
# budget: 20
debian /usr/bin/javac default-jdk-headless
debian /usr/bin/mvn maven
java_tools
debug_program
java_classes
client java.py --only s3 --classpath "$JAVA_CLASSPATH"
