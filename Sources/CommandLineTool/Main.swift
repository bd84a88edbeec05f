internal import Interphase

@main struct Main { static func main() {} }
