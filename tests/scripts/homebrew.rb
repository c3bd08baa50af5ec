# Reads a formula as Homebrew does, for one system and processor: prints what it would download, or installs it from a folder and
# runs its test. Only what our formula uses of Homebrew's words is here; any other is an error.
#   homebrew.rb FORMULA macos|linux arm|intel
#   homebrew.rb FORMULA linux intel UNPACKED PREFIX
require "fileutils"
require "json"
require "open3"
require "pathname"

FORMULA, SYSTEM, PROCESSOR, UNPACKED, PREFIX = ARGV

class Pathname
  def install(file)
    mkpath
    FileUtils.cp(file, self)
  end
end

class Formula
  SAID = {}
  class << self
    %i[desc homepage version license url sha256].each { |word| define_method(word) { |value| SAID[word] = value } }
    %i[macos linux].each { |name| define_method(:"on_#{name}") { |&block| block.call if name.to_s == SYSTEM } }
    %i[arm intel].each { |name| define_method(:"on_#{name}") { |&block| block.call if name.to_s == PROCESSOR } }
    def test(&block) = define_method(:run_test, &block)
  end

  def bin = Pathname(PREFIX) / "bin"
  def version = SAID[:version]
  def assert_match(wanted, text) = text.include?(wanted) || abort("#{text.inspect} does not have #{wanted}")

  def shell_output(command)
    output, status = Open3.capture2(command)
    status.success? ? output : abort("#{command} failed")
  end

  def generate_completions_from_executable(program, *words)
    %w[bash zsh fish].each { |shell| abort("no completions for #{shell}") if shell_output("#{program} #{words.join(' ')} #{shell}").empty? }
  end
end

load FORMULA
puts JSON.generate(Formula::SAID)
if UNPACKED
  formula = Footbridge.new
  Dir.chdir(UNPACKED) { formula.install }
  formula.run_test
end
