/// The words by which addresses are taken apart.
///
/// Facts put down by hand; the longer word of a list goes before the shorter one.
enum AddressWords {
    private static func words(_ list: String) -> [[UInt32]] {
        list.split(separator: " ").map { $0.unicodeScalars.map(\.value) }
    }

    private static func word(_ text: String) -> [UInt32] { text.unicodeScalars.map(\.value) }

    private static func unit(_ character: Unicode.Scalar) -> UInt32 { character.value }

    static let provinces = RegionCode.provinceNames.map(word)
    static let municipalities = Set(words("北京 天津 上海 重庆"))
    static let provinceEnds = words("维吾尔自治区 壮族自治区 回族自治区 特别行政区 自治区 省 市")
    static let cityEnd = word("市")
    static let cityEnds = words("自治州 地区 市")
    /// 超市, 菜市场, 夜市: no city.
    static let notCities = Set(word("超菜夜集都城门楼花早鱼米书"))
    static let district = unit("区")
    static let districtEnds = words("自治县 区 县 旗")
    /// 小区, 社区, 街区, 校区, 东区: no district.
    static let notDistricts = Set(word("小社街校厂片景库院宅活舍东西南北中地营馆层居"))
    static let streetOffice = word("街道")
    static let townshipEnds = words("街道办事处 街道办 街道 镇 乡")
    static let village = word("村")
    static let new = unit("新")
    static let communityEnds = words("社区居民委员会 社区居委会 社区 居民委员会 居委会 村民委员会 村委会 村")
    static let afterCommunity = words("服务 卫生 医院 食堂 党群 养老 图书 活动 文化 便民 邮")

    static func townshipName(_ end: String) -> String { end.hasPrefix("街道") ? "街道" : end }

    static func communityName(_ end: String) -> String { end.hasPrefix("村") ? "村" : "社区" }

    static let streetEnds = words("步行街 大道 大街 胡同 公路 路 街 巷 弄 道")
    static let plainRoad = word("道")
    static let numberedStreets = words("大道 大街 路 街 巷 道")
    static let laneEnds = words("段 弄 巷 条")
    static let number = unit("号")
    static let traditionalNumber = unit("號")
    static let of = unit("之")
    static let annex = unit("附")
    static let yard = unit("院")
    static let ordinal = unit("第")
    static let below = unit("负")
    static let metre = unit("米")
    static let inside = word("内")
    static let stems = Set(word("甲乙丙丁戊己庚辛附"))
    /// Behind 号 these make something else of a number.
    static let afterNumber = words("楼 门 院楼 房 线 店 桥 口 铺")
    /// Behind a number without 号 these make something else of it.
    static let countWords = words("公里 千米 米 幢 栋 座 楼 层 单元 室 房 组 队 期 区 村 元 年 路 街 号楼 m km")

    static let sureEstateEnds = words("小区 花园 家园 公寓 广场 大厦 新村 花苑 雅苑 山庄 园区")
    static let estateEnds = words(
        "住宅小区 小区 花园 家园 公寓 广场 大厦 新村 花苑 雅苑 名苑 山庄 别墅 新寓 公馆 名都 华府 商城 中心 市场 宿舍 大院 大楼 "
            + "家属院 园区 商场 综合体 苑 园 城 府 庭 居 湾 坊 里 院 轩 阁 村 墅 邸")
    static let buildingEnds = words("号楼 栋楼 幢 栋 座 棟 #楼 #")
    static let towerEnd = word("楼栋")
    static let unitEnds = words("号单元 单元 门洞")
    static let floorEnds = words("楼 层 f")
    static let roomEnds = words("号房 号室 号铺 号商铺 室 房 户 铺 商铺")
    static let storey = words("楼 幢 栋")
    static let gates = words("东南门 东北门 西南门 西北门 东门 西门 南门 北门 正门 大门 后门 侧门")
    static let numberedGate = word("号门")
    static let relative = words(
        "交叉口 交汇处 交界处 交叉处 路口 对面 斜对 旁边 附近 隔壁 东侧 西侧 南侧 北侧 以东 以西 以南 以北 往东 往西 往南 往北 "
            + "向东 向西 向南 向北 路东 路西 路南 路北 门口 后面 前面 转角 拐角 口东 口西 口南 口北 旁 与 和 口 米 之间 沿线 一带")
}
